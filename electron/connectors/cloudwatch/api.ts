import {
  CloudWatchClient,
  CloudWatchServiceException,
  DescribeAlarmHistoryCommand,
  type DescribeAlarmHistoryCommandInput,
  DescribeAlarmsCommand,
  DescribeAnomalyDetectorsCommand,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { skewMeter } from '../../platform/clock-skew.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import { isLoopback } from '../../platform/http-reads.ts';
import { Refused } from '../../platform/http-reply.ts';
import { readPolicy } from '../../platform/read-policy.ts';
import type { Window } from '../samples.ts';
import { type CloudIdentity, credentialsOf } from './credentials.ts';
import { requestHandler } from './request-handler.ts';

export type CloudAccess = CloudIdentity & {
  regions: readonly string[];
  /** Instead of the public one of each region: a VPC endpoint, or whatever speaks the same. */
  endpoint?: string | undefined;
  /** Hosts that the envelope refuses. */
  refuses?: Refuses | undefined;
  timeoutMs?: number;
};

/** Of one request (API reference of GetMetricData). */
export const MOST_QUERIES = 500;
export const MOST_POINTS = 100_800;
/** An answer that goes on for longer belongs to no question that anybody asked. */
const MOST_PAGES = 100;

export type CloudWatchApi = ReturnType<typeof cloudWatchApi>;

/** The reads of one region, each to its last page; everything thrown is a `Failure` that names the region. */
export function cloudWatchApi(region: string, access: CloudAccess) {
  const { endpoint, refuses, timeoutMs = 9_000 } = access;
  const system = `CloudWatch in ${region}`;
  const skew = skewMeter();
  const host = endpoint === undefined ? null : new URL(endpoint).host;
  const policy = readPolicy({
    system,
    isOurs: () => endpoint !== undefined && isLoopback(new URL(endpoint)),
  });
  const client = new CloudWatchClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: credentialsOf(access, { region, refuses, timeoutMs }),
    // Asking again is the policy's affair, which knows when not to.
    maxAttempts: 1,
    requestHandler: requestHandler({
      system,
      mayReach: (asked) => (host === null ? isCloudWatch(asked, region) : asked === host),
      refuses,
      timeoutMs,
      inJson: true,
      onDate: (date, sentMs) => skew.note(date, sentMs, Date.now()),
    }),
  });

  const ask = <T>(send: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> =>
    policy.read(async () => {
      try {
        return await send(signal);
      } catch (error) {
        throw failureOf(error, system, signal);
      }
    }, signal);

  async function pages<Page extends { NextToken?: string | undefined }>(
    send: (token: string | undefined, signal: AbortSignal) => Promise<Page>,
    signal: AbortSignal,
  ): Promise<Page[]> {
    const found: Page[] = [];
    let token: string | undefined;
    do {
      const page = await ask((abort) => send(token, abort), signal);
      found.push(page);
      if (page.NextToken !== undefined && page.NextToken === token)
        throw new Failure('bad_reply', `${system} gave the same page twice.`);
      token = page.NextToken;
      if (token !== undefined && found.length >= MOST_PAGES)
        throw new Failure(
          'bad_reply',
          `${system} answers with more than ${MOST_PAGES} pages. Ask for a shorter time or fewer metrics.`,
        );
    } while (token !== undefined);
    return found;
  }

  return {
    region,
    skewMs: skew.read,

    /** `inAlarm`: those alone; composite ones come too. */
    async alarms(inAlarm: boolean, signal: AbortSignal) {
      const found = await pages(
        (NextToken, abortSignal) =>
          client.send(
            new DescribeAlarmsCommand({
              AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
              MaxRecords: 100,
              NextToken,
              ...(inAlarm ? { StateValue: 'ALARM' } : {}),
            }),
            { abortSignal },
          ),
        signal,
      );
      return found.flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) => [
        ...MetricAlarms,
        ...CompositeAlarms,
      ]);
    },

    /** Changes of state, oldest first. */
    async history({ fromMs, toMs }: Window, signal: AbortSignal) {
      const wish: DescribeAlarmHistoryCommandInput = {
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        HistoryItemType: 'StateUpdate',
        StartDate: new Date(fromMs),
        EndDate: new Date(toMs),
        MaxRecords: 100,
        ScanBy: 'TimestampAscending',
      };
      const found = await pages(
        (NextToken, abortSignal) =>
          client.send(new DescribeAlarmHistoryCommand({ ...wish, NextToken }), { abortSignal }),
        signal,
      );
      return found.flatMap(({ AlarmHistoryItems = [] }) => AlarmHistoryItems);
    },

    /** Each result as it came, page by page: one series may lie in several. */
    async metricData(queries: readonly MetricDataQuery[], { fromMs, toMs }: Window, signal: AbortSignal) {
      const found = [];
      for (let first = 0; first < queries.length; first += MOST_QUERIES) {
        const some = queries.slice(first, first + MOST_QUERIES);
        const answer = await pages(
          (NextToken, abortSignal) =>
            client.send(
              new GetMetricDataCommand({
                MetricDataQueries: some,
                StartTime: new Date(fromMs),
                EndTime: new Date(toMs),
                MaxDatapoints: MOST_POINTS,
                ScanBy: 'TimestampAscending',
                NextToken,
              }),
              { abortSignal },
            ),
          signal,
        );
        found.push(...answer.flatMap(({ MetricDataResults = [] }) => MetricDataResults));
      }
      return found;
    },

    async hasBand(
      metric: { namespace: string; name: string; dimensions: { Name: string; Value: string }[] },
      signal: AbortSignal,
    ): Promise<boolean> {
      const { AnomalyDetectors = [] } = await ask(
        (abortSignal) =>
          client.send(
            new DescribeAnomalyDetectorsCommand({
              Namespace: metric.namespace,
              MetricName: metric.name,
              Dimensions: metric.dimensions,
              AnomalyDetectorTypes: ['SINGLE_METRIC'],
            }),
            { abortSignal },
          ),
        signal,
      );
      return AnomalyDetectors.length > 0;
    },
  };
}

const isCloudWatch = (host: string, region: string): boolean =>
  [
    `monitoring.${region}.amazonaws.com`,
    `monitoring.${region}.amazonaws.com.cn`,
    `monitoring.${region}.api.aws`,
  ].includes(host);

/** What the SDK throws, as a sentence with a remedy. */
export function failureOf(error: unknown, system: string, signal: AbortSignal): Failure {
  if (error instanceof Failure) return error;
  if (signal.aborted) {
    const late = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
    return late
      ? new Failure(
          'timeout',
          `${system} did not answer in time. It may be overloaded or out of reach.`,
          error,
        )
      : new Failure('cancelled', `The request to ${system} was cancelled.`, error);
  }
  if (error instanceof CloudWatchServiceException) return refusalOf(error, system);
  if (error instanceof Error && /credential|token|profile|sso|assume/i.test(`${error.name} ${error.message}`))
    return new Failure(
      'unauthorized',
      `There are no AWS credentials for ${system}: ${oneLine(error.message)} Sign in (aws sso login) or name another profile.`,
      error,
    );
  return new Failure(
    'bad_reply',
    `${system} gave an answer that cannot be read: ${oneLine(messageOf(error))}`,
    error,
  );
}

function refusalOf(error: CloudWatchServiceException, system: string): Failure {
  const status = error.$metadata.httpStatusCode ?? 0;
  const said = `${error.name}: ${oneLine(error.message)}`;
  const notAllowed = () =>
    new Failure('unauthorized', `${system} does not allow this with these credentials (${said}).`, error);
  if (/Throttl|TooManyRequests|LimitExceeded|RequestLimit/i.test(error.name) || status === 429)
    return new Refused(new Failure('unreachable', `${system} asks for fewer requests (${said}).`, error), {
      status: 429,
      headers: { 'retry-after': '1' },
    });
  if (/AccessDenied|UnauthorizedOperation|NotAuthorized/.test(error.name)) return notAllowed();
  if (
    /Expired|UnrecognizedClient|InvalidClientToken|SignatureDoesNotMatch|IncompleteSignature|MissingAuth/.test(
      error.name,
    )
  )
    return new Failure(
      'unauthorized',
      `${system} does not accept the credentials (${said}). Sign in again, or name another profile.`,
      error,
    );
  // Names of an API gateway in front are not those of CloudWatch.
  if (status === 401 || status === 403) return notAllowed();
  if (status >= 500)
    return new Refused(new Failure('unreachable', `${system} is not ready or overloaded (${said}).`, error), {
      status,
      headers: {},
    });
  return new Failure('bad_input', `${system} does not understand the question (${said}).`, error);
}

/** What a server said, on one line and bounded: it goes into a sentence. */
const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
