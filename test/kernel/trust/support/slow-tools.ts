import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { type ToolsInTheWay, toolsInTheWay } from './tools-in-the-way.js';
import { countFile } from './traffic.js';

export interface Slowness {
  /** Into how many parts each batch is cut; 'lines' is one a line. */
  readonly parts: number | 'lines';
  /** How many connections are made before each part, and after the last one. */
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

/** On a machine with one processor nothing happens in the middle of a batch. These tools make it in parts, and let connections be made in between. */
export const slowTools = (sandbox: Sandbox, slowness: Slowness): Promise<ToolsInTheWay> =>
  toolsInTheWay(sandbox, 'slow', script(slowness));
