/** What the calendar says of a number of seconds, in UTC. */
export const timeFunctions: Readonly<Record<string, (seconds: number) => number>> = {
  minute: (seconds) => dateOf(seconds).getUTCMinutes(),
  hour: (seconds) => dateOf(seconds).getUTCHours(),
  day_of_week: (seconds) => dateOf(seconds).getUTCDay(),
  day_of_month: (seconds) => dateOf(seconds).getUTCDate(),
  day_of_year: (seconds) => {
    const date = dateOf(seconds);
    return (startOfDay(date) - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs + 1;
  },
  days_in_month: (seconds) => {
    const date = dateOf(seconds);
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  },
  month: (seconds) => dateOf(seconds).getUTCMonth() + 1,
  year: (seconds) => dateOf(seconds).getUTCFullYear(),
};

const dayMs = 86_400_000;
const dateOf = (seconds: number) => new Date(Math.trunc(seconds) * 1_000);
const startOfDay = (date: Date) => Math.floor(date.getTime() / dayMs) * dayMs;
