import { useEffect, useMemo, useRef, useState } from 'react';
import type { Anomaly } from '../../shared/vocabulary/candidate.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { MetricSeries } from '../../shared/vocabulary/metric.ts';
import { call, messageOf } from '../state/call.ts';
import { useRoom } from '../state/room.ts';
import { selectCandidate, useView } from '../state/view.ts';
import { Group } from '../ui/group.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { LineChart, type Mark } from '../ui/line-chart.tsx';
import { Empty, Failed, Loading, Problem } from '../ui/panel-states.tsx';
import { measured } from '../ui/words.ts';
import { servicesByStrength } from './services-by-strength.ts';
import './metrics.css';

/** New samples are read at most this often, however often the host says that there are some. */
const REREAD_MS = 2_000;
const NONE: Anomaly[] = [];

/** Small charts of one service after the other, those that are off first. */
export function MetricsPanel({ incident }: { incident: Incident }) {
  const topology = useRoom((room) => room.topology);
  const anomalies = useRoom((room) => room.candidates?.anomalies ?? NONE) ?? NONE;
  const onsetMs = useRoom((room) => room.candidates?.onsetMs ?? null) ?? null;
  const selected = useView((view) => view.selectedService);
  const services = useMemo(() => servicesByStrength(topology, anomalies), [topology, anomalies]);
  const service = services.some(({ id }) => id === selected) ? selected : (services[0]?.id ?? null);

  return (
    <section className="panel" aria-label="Metrics">
      {service === null ? (
        <Empty title="No service is known yet.">
          <p>Charts appear as soon as a metrics source reports a service.</p>
        </Empty>
      ) : (
        <>
          <Group className="metric-services" label="Service">
            {services.map(({ id, off }) => (
              <button
                key={id}
                type="button"
                className="chip-toggle"
                aria-pressed={id === service}
                onClick={() => selectCandidate(null, id)}
              >
                {inertLine(id)}
                {off > 0 && <span className="metric-off">{off} off</span>}
              </button>
            ))}
          </Group>
          <Charts
            key={service}
            incident={incident}
            service={service}
            onsetMs={onsetMs}
            anomalies={anomalies.filter((anomaly) => anomaly.service === service)}
          />
        </>
      )}
    </section>
  );
}

type ChartsProps = { incident: Incident; service: string; onsetMs: number | null; anomalies: Anomaly[] };

function Charts({ incident, service, onsetMs, anomalies }: ChartsProps) {
  const { series, problem, again } = useSeries(incident, service);
  if (!series) {
    return problem ? (
      <Failed title={`The metrics of ${service} could not be read`} message={problem} onRetry={again} />
    ) : (
      <Loading what={`Reading the metrics of ${service}`} />
    );
  }
  if (series.length === 0) {
    return (
      <Empty title={`No source reports a metric of ${service}.`}>
        <p>Look at a service that calls it; trouble here shows there as errors or waiting.</p>
      </Empty>
    );
  }
  const sorted = series.toSorted((a, b) => Number(isOff(b, anomalies)) - Number(isOff(a, anomalies)));
  const marks: Mark[] = onsetMs === null ? [] : [{ atMs: onsetMs, label: 'onset' }];
  return (
    <Group className="metric-charts" tabIndex={0} label={`Charts of ${service}`}>
      {problem && <Problem>What you see is older than it looks: {problem}</Problem>}
      {sorted.map((one) => (
        <Chart key={keyOf(one)} series={one} marks={marks} anomaly={anomalyOf(one, anomalies)} />
      ))}
    </Group>
  );
}

function Chart({
  series,
  marks,
  anomaly,
}: {
  series: MetricSeries;
  marks: Mark[];
  anomaly: Anomaly | undefined;
}) {
  const { name, unit, labels, fromMs, stepMs, values } = series;
  const last = values.findLast((value) => value !== null) ?? null;
  const labelled = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const about = anomaly
    ? `${measured(anomaly.observed, unit)}, normal is ${measured(anomaly.baseline, unit)}`
    : `now ${measured(last, unit)}`;
  return (
    <figure className="metric-chart">
      <figcaption>
        <span className="metric-name">{inertLine(name)}</span>
        <span className="muted">{inertLine(labelled.join(' '))}</span>
        <span className={anomaly ? 'metric-off' : 'muted'}>
          {anomaly && (anomaly.direction === 'up' ? '↑ ' : '↓ ')}
          {about}
        </span>
      </figcaption>
      <LineChart
        label={`${series.service} ${name}: ${about}`}
        height={118}
        timesMs={values.map((_value, index) => fromMs + index * stepMs)}
        values={values}
        unit={unit}
        marks={marks}
        off={anomaly !== undefined}
      />
    </figure>
  );
}

const keyOf = ({ name, labels }: MetricSeries) => `${name} ${JSON.stringify(labels)}`;

const anomalyOf = (series: MetricSeries, anomalies: Anomaly[]) =>
  anomalies.find(({ metric, labels = {} }) => metric === series.name && sameLabels(labels, series.labels));
/** A series of one version or zone is another series than that of the whole service. */
const sameLabels = (a: Record<string, string>, b: Record<string, string>) =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => b[key] === value);

const isOff = (series: MetricSeries, anomalies: Anomaly[]) => anomalyOf(series, anomalies) !== undefined;

/** The series of a service, read again when the host says that there are new samples. */
function useSeries(incident: Incident, service: string) {
  const version = useRoom((room) => room.metricsVersion) ?? 0;
  const [series, setSeries] = useState<MetricSeries[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [wish, setWish] = useState({ version, tries: 0 });

  const newest = useRef(version);
  newest.current = version;
  const behind = wish.version !== version;
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => setWish((before) => ({ ...before, version: newest.current })), REREAD_MS);
    return () => clearTimeout(timer);
  }, [behind]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish is one reading.
  useEffect(() => {
    let stale = false;
    call('metrics.read', { incident: incident.id, service })
      .then((read) => {
        if (stale) return;
        setSeries(read);
        setProblem(null);
      })
      .catch((error: unknown) => {
        if (!stale) setProblem(messageOf(error));
      });
    return () => {
      stale = true;
    };
  }, [incident.id, service, wish]);

  const again = () => setWish(({ tries }) => ({ version, tries: tries + 1 }));
  return { series, problem, again };
}
