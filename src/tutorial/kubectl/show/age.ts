const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** Returns a duration in kubectl's short form: `42s`, `3m10s`, `5h`, `2d3h`. */
function durationText(seconds: number): string {
  if (seconds < -1) return '<invalid>';
  const form: Unit & { readonly rest?: Unit } = forms.find(({ below }) => seconds < below) ?? {
    unit: year,
    letter: 'y',
  };
  const whole = Math.floor(Math.max(seconds, 0) / form.unit);
  if (form.rest === undefined) return `${whole}${form.letter}`;
  const rest = Math.floor((seconds % form.unit) / form.rest.unit);
  return `${whole}${form.letter}${rest === 0 ? '' : `${rest}${form.rest.letter}`}`;
}

interface Unit {
  /** In seconds. */
  readonly unit: number;
  readonly letter: string;
}

interface Form extends Unit {
  readonly below: number;
  readonly rest?: Unit;
}

/** As in k8s.io/apimachinery/pkg/util/duration. */
const forms: readonly Form[] = [
  { below: 2 * minute, unit: 1, letter: 's' },
  { below: 10 * minute, unit: minute, letter: 'm', rest: { unit: 1, letter: 's' } },
  { below: 3 * hour, unit: minute, letter: 'm' },
  { below: 8 * hour, unit: hour, letter: 'h', rest: { unit: minute, letter: 'm' } },
  { below: 2 * day, unit: hour, letter: 'h' },
  { below: 8 * day, unit: day, letter: 'd', rest: { unit: hour, letter: 'h' } },
  { below: 2 * year, unit: day, letter: 'd' },
  { below: 8 * year, unit: year, letter: 'y', rest: { unit: day, letter: 'd' } },
];

/** Returns the age of an object. */
export function ageText(creationTimestamp: string | undefined, now: Date): string {
  if (creationTimestamp === undefined) return '<unknown>';
  return durationText(Math.floor((now.getTime() - Date.parse(creationTimestamp)) / 1_000));
}
