import {
  containersOf,
  labelsOf,
  type Manifest,
  named,
  ofKind,
  portsOf,
  selects,
  titleOf,
  workloads,
} from '../manifest.ts';

/** Ports that are told of and not open: of Services, probes, scrapes and Ingresses. */
export function ports(all: readonly Manifest[]): string[] {
  return [
    ...ofKind(all, 'Service').flatMap((service) => ofService(service, all)),
    ...workloads(all).flatMap(ofWorkload),
    ...ofKind(all, 'Ingress').flatMap((ingress) => ofIngress(ingress, all)),
  ];
}

function ofService(service: Manifest, all: readonly Manifest[]): string[] {
  const pods = workloads(all).filter((each) => selects({ matchLabels: service.spec.selector }, labelsOf(each)));
  const open = pods.flatMap(portsOf).map((port) => port.name);
  return service.spec.ports
    .filter((port: Manifest) => !open.includes(port.targetPort))
    .map((port: Manifest) => `${titleOf(service)} leads to the port "${port.targetPort}", which no container opens`);
}

function ofWorkload(workload: Manifest): string[] {
  const probed = containersOf(workload).flatMap((container) =>
    ['startupProbe', 'readinessProbe', 'livenessProbe']
      .map((probe) => (container[probe]?.httpGet ?? container[probe]?.tcpSocket)?.port)
      .filter((port) => port !== undefined && !container.ports.some((each: Manifest) => each.name === port))
      .map((port) => `${titleOf(workload)} is probed on the port "${port}", which ${container.name} does not open`),
  );
  const scraped = workload.spec.template.metadata.annotations?.['prometheus.io/port'];
  const isOpen = portsOf(workload).some((port) => String(port.containerPort) === scraped);
  if (scraped === undefined || isOpen) return probed;
  return [...probed, `${titleOf(workload)} is scraped on port ${scraped}, which no container opens`];
}

function ofIngress(ingress: Manifest, all: readonly Manifest[]): string[] {
  const backends: Manifest[] = ingress.spec.rules.flatMap(({ http }: Manifest) =>
    http.paths.map((path: Manifest) => path.backend.service),
  );
  return backends
    .filter(
      ({ name, port }) => !named(all, 'Service', name)?.spec.ports.some((each: Manifest) => each.name === port.name),
    )
    .map(({ name, port }) => `${titleOf(ingress)} leads to port "${port.name}" of Service ${name}, which is not there`);
}
