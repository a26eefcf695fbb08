import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'What a Service is',
  paragraphs: [
    'A Service is an object of the cluster: an order, not a machine. It says four things: a name, an ' +
      'address, a port, and a question that finds the Pods behind it.',
    'The address is called the virtual IP address, VIP for short. It belongs to no single machine and to ' +
      'no Pod: it is a number on paper until each worker has taught its kernel what to do with packets to ' +
      "it. (Programs use the name, and the cluster's name server, its DNS, turns it into the VIP. Here you " +
      'call the VIP itself.)',
    'The question is called the selector, and it asks for labels. The selector `app=web` means: every ' +
      'Pod with this label. A new Pod with the label belongs to the Service, and a Pod that loses the ' +
      'label leaves it.',
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
    'Between the Service and the Pods is a second object, the Endpoints: the list of addresses that the ' +
      'question finds at present. It has the same name as the Service. A controller writes it, here the ' +
      'manager. The workers read only this list, and never look for labels. (The kube-proxy of today reads ' +
      'it in pieces, called EndpointSlices. What they say is the same.)',
  ],
};
