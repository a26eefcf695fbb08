/** One metric in Prometheus' text format. */
export interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** Its samples by their labels in alphabetical order: `ip_family="IPv4"`. Buckets are left out. */
  readonly samples: Readonly<Record<string, number>>;
  /** The upper bounds of a histogram's buckets. */
  readonly bounds: readonly string[];
}

/** Parses Prometheus' text format, as far as kube-proxy and kproxy use it. Metrics are in alphabetical order. */
export function parseExposition(text: string): readonly Metric[] {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return types
    .map(([, name = '', type = '']) => ({ name, type, help: helpOf(text, name), ...samplesOf(text, name) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

const helpOf = (text: string, name: string): string => new RegExp(`^# HELP ${name} (.*)$`, 'm').exec(text)?.[1] ?? '';

function samplesOf(text: string, name: string): Pick<Metric, 'samples' | 'bounds'> {
  const lines = [...text.matchAll(new RegExp(`^${name}(_bucket|_sum|_count)?(?:\\{(.*)\\})? (\\S+)$`, 'gm'))];
  const samples: Record<string, number> = {};
  const bounds = new Set<string>();
  for (const [, part = '', labels = '', value] of lines) {
    const sorted = labels.match(/\w+="[^"]*"/g)?.sort() ?? [];
    if (part === '_bucket') bounds.add(/"(.*)"/.exec(sorted.find(label => label.startsWith('le=')) ?? '')?.[1] ?? '');
    else samples[`${sorted.join(',')}${part}`] = Number(value);
  }
  return { samples, bounds: [...bounds] };
}

/** Returns the names of a metric's labels. */
export const labelNames = ({ samples }: Metric): readonly string[] => [
  ...new Set(Object.keys(samples).flatMap(labels => labels.match(/\w+(?==")/g) ?? [])),
];
