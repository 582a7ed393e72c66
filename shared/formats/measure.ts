/** A measured value as a person reads it: so many significant digits and the unit, a ratio in percent. */
export const measureInWords = (value: number, unit: string, digits: number): string =>
  unit === 'ratio'
    ? `${Number((value * 100).toPrecision(digits))} %`
    : `${Number(value.toPrecision(digits))} ${unit}`.trim();
