import type { ApiWriter } from '../../cluster/watch/api-server.js';
import { createEventRecorder, type EventRecorder } from '../../events/event-recorder.js';
import { createEventWriter, type WriteEvent } from '../../events/write-event.js';

export interface Events {
  readonly recorder: EventRecorder;
  /** Gives the connection for Events. Without one, as with `--from`, they are dropped. */
  readonly connect: (api: ApiWriter) => void;
}

export function openEvents(nodeName: string, onTrouble: (line: string) => void): Events {
  let write: WriteEvent = async () => {};
  return {
    recorder: createEventRecorder({ write: (...event) => write(...event), nodeName, now: () => new Date() }),
    connect: api => {
      write = createEventWriter(api, onTrouble);
    },
  };
}
