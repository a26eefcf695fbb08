import { createHash } from 'node:crypto';

/** Images on a node. A kubelet reports up to 50. */
const imageCount = 30;

export const nodeNameOf = (index: number): string => `node-${String(index).padStart(4, '0')}.example.internal`;

/**
 * Returns a Node as a kubelet and a cloud's controllers fill it: labels, annotations, conditions, and its images. With
 * the `managedFields` that the API server adds it has about 10 KB of JSON.
 */
export function nodeObject(index: number) {
  const name = nodeNameOf(index);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: labelsOf(name, index), annotations: annotationsOf(index) },
    spec: {
      podCIDR: podCidr(index),
      podCIDRs: [podCidr(index)],
      providerID: `example:///zone-${index % 3}/${hash(name)}`,
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: internalAddress(index) },
        { type: 'Hostname', address: name },
      ],
      allocatable: resources('3920m', '15163248Ki'),
      capacity: resources('4', '16186224Ki'),
      conditions: conditionsAt('2026-01-01T00:00:00Z'),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      images: Array.from({ length: imageCount }, (_, image) => imageOf(index + image)),
      nodeInfo,
      runtimeHandlers,
    },
  };
}

const conditionTexts = [
  ['NetworkUnavailable', 'False', 'FlannelIsUp', 'Flannel is running on this node'],
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** Returns a Node's conditions with a heartbeat of the given time. */
export const conditionsAt = (heartbeat: string) =>
  conditionTexts.map(([type, status, reason, message]) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
export const internalAddress = (index: number): string => `10.10.${index >> 8}.${index & 255}`;
const podCidr = (index: number): string => `10.${64 + (index >> 8)}.${index & 255}.0/24`;

const labelsOf = (name: string, index: number) => ({
  'beta.kubernetes.io/arch': 'amd64',
  'beta.kubernetes.io/os': 'linux',
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/os': 'linux',
  'kubernetes.io/hostname': name,
  'node.kubernetes.io/instance-type': 'standard-4',
  'topology.kubernetes.io/region': 'region-1',
  'topology.kubernetes.io/zone': `region-1-${'abc'[index % 3]}`,
});

const annotationsOf = (index: number) => ({
  'csi.volume.kubernetes.io/nodeid': JSON.stringify({ 'csi.example.com': hash(`instance ${index}`).slice(0, 20) }),
  'flannel.alpha.coreos.com/backend-data': JSON.stringify({ VNI: 1, VtepMAC: '5e:4c:1d:00:00:01' }),
  'flannel.alpha.coreos.com/backend-type': 'vxlan',
  'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
  'flannel.alpha.coreos.com/public-ip': internalAddress(index),
  'node.alpha.kubernetes.io/ttl': '0',
  'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
});

const resources = (cpu: string, memory: string) => ({
  cpu,
  memory,
  'ephemeral-storage': '101430960Ki',
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  pods: '110',
});

const imageOf = (image: number) => ({
  names: [
    `registry.example.com/team-${image % 12}/service-${image}@sha256:${hash(`image ${image}`)}`,
    `registry.example.com/team-${image % 12}/service-${image}:v1.${image}.0`,
  ],
  sizeBytes: 25_000_000 + image * 7_919,
});

const nodeInfo = {
  architecture: 'amd64',
  bootID: '3f0c1f0e-6d3b-4a51-9c0e-8b2c7d6f5e4a',
  containerRuntimeVersion: 'containerd://2.1.4',
  kernelVersion: '6.12.48+deb13-amd64',
  kubeProxyVersion: '',
  kubeletVersion: 'v1.37.2',
  machineID: 'ec2a1b9c8d7e4f60a1b2c3d4e5f60718',
  operatingSystem: 'linux',
  osImage: 'Debian GNU/Linux 13 (trixie)',
  systemUUID: 'ec2a1b9c-8d7e-4f60-a1b2-c3d4e5f60718',
};

const runtimeHandlers = ['', 'runc'].map(name => ({
  name,
  features: { recursiveReadOnlyMounts: true, userNamespaces: true },
}));
