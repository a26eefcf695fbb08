import { someText } from '../../text.js';
import { type EndpointsSource, endpointsSourceLine } from './endpoints-source.js';
import type { SourceState } from './source-state.js';

interface SourceReportOptions {
  readonly onSource: (line: string) => void;
  readonly onTrouble: (line: string) => void;
}

interface SourceReport {
  /** Reports the source if it is known and another one than before. */
  readonly source: (state: SourceState) => void;
  /** Reports Services that are not served any more because controllers do not mirror their Endpoints objects. */
  readonly dropped: (services: readonly string[]) => void;
}

export function createSourceReport({ onSource, onTrouble }: SourceReportOptions): SourceReport {
  let reported: EndpointsSource | undefined;
  return {
    source: ({ is }) => {
      if ((is !== 'slices' && is !== 'endpoints' && is !== 'both') || is === reported) return;
      reported = is;
      onSource(endpointsSourceLine(is));
    },
    dropped: services => {
      if (services.length > 0)
        onTrouble(
          `no controller has made EndpointSlices from the Endpoints objects of ${someText(services)}: these Services ` +
            'have no endpoints any more, as with kube-proxy. Write EndpointSlices for them',
        );
    },
  };
}
