type MeterProps = {
  /** What is measured, with the number in words where it stands nowhere else. */
  label: string;
  value: number;
  /** What would fill it; 1 unless told. */
  most?: number;
};

/** How much of a whole, as a thin bar under or beside the words that say it; as wide as its place. */
export function Meter({ label, value, most = 1 }: MeterProps) {
  return <meter className="meter" min={0} max={most} value={value} aria-label={label} />;
}
