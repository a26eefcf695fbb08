import type { Act } from '../step.js';
import { deadBackend } from './dead-backend.js';
import { deadBackendFixed } from './dead-backend-fixed.js';
import { deadBackendRevived } from './dead-backend-revived.js';
import { forwardPolicy } from './forward-policy.js';
import { hairpin } from './hairpin.js';
import { hairpinFixed } from './hairpin-fixed.js';
import { howToBreak } from './how-to-break.js';
import { noConntrack } from './no-conntrack.js';
import { noConntrackFixed } from './no-conntrack-fixed.js';
import { noForwardJump } from './no-forward-jump.js';
import { noForwardJumpFixed } from './no-forward-jump-fixed.js';
import { noMark } from './no-mark.js';
import { noMarkFixed } from './no-mark-fixed.js';
import { noVip } from './no-vip.js';
import { noVipFixed } from './no-vip-fixed.js';
import { wrongLabelCorrected } from './wrong-label-corrected.js';
import { wrongLabelFixed } from './wrong-label-fixed.js';
import { wrongLabelPackets } from './wrong-label-packets.js';

export const breakAct: Act = {
  id: 'break',
  title: { en: 'Predict, then break', ja: '予想してから、壊す' },
  steps: [
    howToBreak,
    noMark,
    noMarkFixed,
    noConntrack,
    noConntrackFixed,
    noVip,
    noVipFixed,
    forwardPolicy,
    noForwardJump,
    noForwardJumpFixed,
    deadBackend,
    deadBackendFixed,
    deadBackendRevived,
    wrongLabelPackets,
    wrongLabelFixed,
    wrongLabelCorrected,
    hairpin,
    hairpinFixed,
  ],
};
