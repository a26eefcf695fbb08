import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { type ToolsInTheWay, toolsInTheWay } from './tools-in-the-way.js';
import { countFile } from './traffic.js';

export interface Slowness {
  /** The number of parts that each batch is split into. 'lines' means one part for each line. */
  readonly parts: number | 'lines';
  /** The number of connections that are opened before each part and after the last one. */
  readonly connections: number;
}

const script = ({ parts, connections }: Slowness): string => `
! $reads || exec "$tool" "$@"
connections() { read -r count <${countFile}; echo "$count"; }
wait_for_traffic() {
  enough=$(($(connections) + ${connections}))
  until [ "$(connections)" -ge "$enough" ]; do sleep 0.01; done
}
case "$call" in
  'ipset -exist restore' | 'ip -batch -' | 'ipvsadm --restore')
    batch=/run/kproxy-test-batch
    cat >$batch
    lines=$(wc -l <$batch)
    length=${parts === 'lines' ? '1' : `$(((lines + ${parts} - 1) / ${parts}))`}
    line=1
    while [ $line -le $lines ]; do
      wait_for_traffic
      sed -n "$line,$((line + length - 1))p" $batch | "$tool" "$@" || exit
      line=$((line + length))
    done ;;
  *)
    wait_for_traffic
    "$tool" "$@" || exit ;;
esac
wait_for_traffic
`;

/**
 * Runs batches in parts and opens connections in between, because on one processor nothing else runs during a batch.
 */
export const slowTools = (sandbox: Sandbox, slowness: Slowness): Promise<ToolsInTheWay> =>
  toolsInTheWay(sandbox, 'slow', script(slowness));
