import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'What a Service is',
  paragraphs: [
    'A Service is an object of the cluster: an order, not a machine. It says four things: its name, ' +
      'an address, a port, and a question that finds the Pods behind it.',
    'The address is called the virtual IP address, VIP for short. No machine and no Pod has it. It ' +
      'is a number on paper until each worker has taught its kernel what to do with packets to it.',
    'The question is called the selector, and it asks for labels. The selector `app=web` means: ' +
      'every Pod with this label. So a Service does not know its Pods by name. A new Pod with the ' +
      'label belongs to it, and a Pod that loses the label leaves it.',
    {
      picture: [
        '  Service              Endpoints                Pods',
        '  web-service          web-service',
        '',
        '  10.254.10.128:80     10.244.1.3:8080  <-----  web-inajob     app=web',
        '  selector app=web     10.244.2.2:8080  <-----  web-yuanying   app=web',
        '        |                     ^                 client-inajob  app=client',
        '        |                     |',
        '        +---- the manager ----+',
        '              looks for the label',
      ].join('\n'),
    },
    'Between the two is a second object, the Endpoints: the list of addresses that the question ' +
      'finds at present. It has the same name as the Service. A controller writes it, here the ' +
      'manager. The workers only read the list. They never look for labels themselves, and so they ' +
      'need not know why an address is on it.',
  ],
};
