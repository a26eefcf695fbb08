import type { Facts } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { asRoot } from '../fixes/as-root.js';
import { installCommand } from '../fixes/install.js';
import type { DoctorCheck } from './check.js';

export const clock: DoctorCheck = { name: 'clock', judge };

/** In milliseconds. Certificates and tokens have some minutes of tolerance at most. */
const noticeable = 10_000;
const harmful = 300_000;
/** The first release of kproxy is younger than this. */
const earliest = Date.UTC(2026, 0, 1);

function judge({ cluster: { server }, now, machine }: Facts): readonly Judgement[] {
  const fix =
    machine.system === 'fedora'
      ? asRoot(machine, `sh -c "dnf install -y chrony && systemctl enable --now chronyd"`)
      : installCommand(machine, ['chronyd']);
  const why = 'Certificates and tokens are refused outside of their time, and logs of nodes cannot be compared.';
  const ahead = server.is === 'read' ? server.value.clockAhead : undefined;
  if (ahead === undefined) {
    if (now >= earliest) return [ok('the clock was compared with nothing')];
    return [problem({ what: `the clock says ${new Date(now).toISOString()}, which is in the past`, why, fix })];
  }
  const distance = Math.abs(ahead);
  if (distance < noticeable) return [ok("the clock agrees with the API server's")];
  const what = `the clock is ${Math.round(distance / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the API server's`;
  return [distance < harmful ? advice({ what, why, fix }) : problem({ what, why, fix })];
}
