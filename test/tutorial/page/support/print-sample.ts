import { createPage } from '../../../../src/tutorial/page/create-page.js';
import type { LineMark, Page, PageOptions } from '../../../../src/tutorial/page/page.js';
import { type SampleTexts, sampleKeys, sampleTexts } from './texts.js';

/** Returns what a page writes that has every block at least once. */
export function printSample(options: Omit<PageOptions, 'write'>): string {
  let written = '';
  const page = createPage({ ...options, write: text => (written += text) });
  const texts = sampleTexts[options.language];
  printCommand(page, texts);
  printQuestion(page, texts);
  return written;
}

function printCommand(page: Page, texts: SampleTexts): void {
  page.act(texts.act);
  page.step(12, 41, texts.step);
  page.paragraphs(texts.paragraphs);
  page.command('inajob', true, 'sudo ipset create KUBE-CLUSTER-IP hash:ip,port');
  page.keys(texts.keys.map((does, index) => ({ key: sampleKeys[index] ?? '', does })));
  page.output('Name: KUBE-CLUSTER-IP\r\nSize: \u001b[32m4');
  page.output('56\u001b[2J');
  page.endOutput();
  page.moved(texts.moved, [
    { mark: '+', where: 'inajob: set KUBE-CLUSTER-IP', after: 'hash:ip,port' },
    {
      mark: '+',
      where: 'inajob: nat KUBE-SERVICES rule 1',
      after:
        '! -s 10.244.0.0/16 -m comment --comment "Kubernetes service cluster ip + port for masquerade purpose" ' +
        '-m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ',
    },
    { mark: '~', where: 'inajob: nat KUBE-SERVICES rule 1', before: '0 packets', after: '4 packets' },
    {
      mark: '~',
      where: 'inajob: TCP 10.254.10.128:80 real server 10.244.1.3:8080',
      before: 'Masq, weight 1, 0 active, 0 inactive',
      after: 'Masq, weight 1, 0 active, 2 inactive',
    },
    { mark: '-', where: 'yuanying: device kube-ipvs0' },
  ]);
  for (const [mark, text] of Object.entries(texts.lines)) page.line(mark as LineMark, text);
}

function printQuestion(page: Page, texts: SampleTexts): void {
  page.step(13, 41, texts.longStep);
  page.question(texts.ask, texts.choices);
  page.command('master', false, 'POD_IP1=10.244.2.2\ncat <<EOF | kubectl apply -f -\nkind: Endpoints\nEOF\n');
  page.output('endpoints/web-service created\r\n');
  page.endOutput();
}
