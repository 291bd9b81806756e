import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { createApp, MOST_BYTES, STEP_BYTES } from './app.ts';

const text = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const yaml = (name: string) => parse(text(name));

/** The app with its requests held until `release()`. */
function heldApp() {
  const waiting: (() => void)[] = [];
  const hold = () => new Promise<void>((resolve) => waiting.push(resolve));
  const release = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const usage = { bytes: 0 };
  const usedBytes = () => usage.bytes;
  return { ...createApp({ podName: 'scaletestapp-0', hold, usedBytes }), release, waiting, usage };
}

const instantApp = () => createApp({ podName: 'scaletestapp-0', hold: async () => undefined, usedBytes: () => 0 }).app;

describe('S2 the scale test app', () => {
  it('R17 answers GET / with the name of its pod', async () => {
    const response = await instantApp().request('/');
    expect(response.status).toBe(200);
    expect((await response.text()).trim()).toBe('scaletestapp-0');
  });

  it('R17 counts its answers in http_requests_total, and not the scrapes', async () => {
    const app = instantApp();
    await app.request('/');
    await app.request('/');
    await app.request('/metrics');
    const response = await app.request('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const body = await response.text();
    expect(body).toContain('# TYPE http_requests_total counter\n');
    expect(body.match(/^http_requests_total\{.*\} .*$/gm)).toEqual([
      'http_requests_total{method="GET",route="/",status="200"} 2',
    ]);
  });

  it('R16 holds memory for each request in flight and gives all of it back', async () => {
    const { app, heldBytes, release } = heldApp();
    const answers = [app.request('/'), app.request('/'), app.request('/')];
    expect(heldBytes()).toBe(3 * STEP_BYTES);
    release();
    await Promise.all(answers);
    expect(heldBytes()).toBe(0);
  });

  it('R16 holds nothing more once the process is near its limit, and answers further requests at once', async () => {
    const { app, heldBytes, release, waiting, usage } = heldApp();
    usage.bytes = MOST_BYTES - STEP_BYTES;
    const held = app.request('/');
    usage.bytes = MOST_BYTES - STEP_BYTES + 1;
    expect((await app.request('/')).status).toBe(200);
    expect([waiting.length, heldBytes()]).toEqual([1, STEP_BYTES]);
    release();
    expect((await held).status).toBe(200);
    expect(heldBytes()).toBe(0);
  });

  it('R16 holds no more than its buffer can, and answers further requests at once', async () => {
    const { app, heldBytes, release, waiting } = heldApp();
    const answers = Array.from({ length: 1_000 }, () => app.request('/'));
    expect((await answers.at(-1))?.status).toBe(200);
    expect(waiting.length).toBeLessThan(1_000);
    expect(heldBytes()).toBe(waiting.length * STEP_BYTES);
    release();
    await Promise.all(answers);
    expect(heldBytes()).toBe(0);
  });
});

describe('S2 the scale test manifests', () => {
  const deployment = yaml('deployment.yaml');
  const pod = deployment.spec.template.spec;
  const [container] = pod.containers;

  it('the README has the steps of the showing by hand, in their order and by their names, and every file of theirs is here', () => {
    const steps = text('README.md').split('```')[1]?.split('\n') ?? [];
    const asked = [
      ...['minikube start', 'minikube addons enable metrics-server'],
      ...['kubectl apply -f deployment.yaml', 'kubectl apply -f service.yaml'],
      ...['minikube service scaletestapp-service --url', 'kubectl get pods', 'kubectl apply -f hpa.yaml'],
      ...['pip install locust', 'locust', 'minikube dashboard'],
    ];
    expect(steps.filter((step) => asked.includes(step))).toEqual(asked);
    expect(text('README.md')).toContain('minikube delete --profile minikube');
    for (const file of ['deployment.yaml', 'service.yaml', 'hpa.yaml', 'locustfile.py'])
      expect(text(file)).not.toBe('');
  });

  it('R16 starts with one replica, limited to 30Mi', () => {
    expect(deployment.spec.replicas).toBe(1);
    expect(pod.containers).toHaveLength(1);
    expect(container.resources.limits.memory).toBe('30Mi');
    expect(container.resources.requests.memory).toBe('30Mi');
  });

  it('R16 (b) scales by memory at 80 %, from 1 to 10 replicas', () => {
    const { spec } = yaml('hpa.yaml');
    expect([spec.minReplicas, spec.maxReplicas]).toEqual([1, 10]);
    expect(spec.scaleTargetRef.name).toBe(deployment.metadata.name);
    expect(spec.metrics).toEqual([
      { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 80 } } },
    ]);
  });

  it('R16 compiles beforehand under the flags that the app runs with, or 30Mi would not do', () => {
    const flags = (command: string[]) =>
      command.filter((word) => word.startsWith('--') && !/^--(input|eval)/.test(word));
    const [warmUp] = pod.initContainers;
    expect(flags(warmUp.command)).toEqual(flags(container.command));
    expect(warmUp.env).toEqual(container.env);
    expect(warmUp.volumeMounts).toEqual(container.volumeMounts);
    expect(warmUp.command.at(-1)).toContain(`import("${container.command.at(-1)}")`);
  });

  it('R17 is reached on port 8080 through scaletestapp-service', () => {
    const service = yaml('service.yaml');
    expect(service.metadata.name).toBe('scaletestapp-service');
    expect(service.spec.selector).toEqual(deployment.spec.template.metadata.labels);
    const port = container.ports.find((each: { name: string }) => each.name === service.spec.ports[0].targetPort);
    expect(port.containerPort).toBe(8080);
  });

  it('R18 loads GET / by users that wait 1 to 5 s', () => {
    const locustfile = text('locustfile.py');
    expect(locustfile).toMatch(/class \w+\(HttpUser\):/);
    expect(locustfile).toContain('wait_time = between(1, 5)');
    expect(locustfile).toContain('self.client.get("/")');
  });

  const adapterConfig = () => {
    const all = parseAllDocuments(text('prometheus.yaml')).map((document) => document.toJS());
    const found = all.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'prometheus-adapter');
    return parse(found.data['config.yaml']);
  };

  it('R19 derives what every autoscaler goes by alike, whether the adapter comes by Helm or by prometheus.yaml', () => {
    const { custom, external } = yaml('../prometheus-adapter-values.yaml').rules;
    expect(adapterConfig()).toEqual({ rules: custom, externalRules: external });
  });

  it('R19 (b) scales by the requests per second and pod that the adapter derives from http_requests_total', () => {
    const { spec } = yaml('hpa-rps.yaml');
    const [rule] = adapterConfig().rules;
    expect([spec.minReplicas, spec.maxReplicas]).toEqual([1, 10]);
    expect(spec.scaleTargetRef.name).toBe(deployment.metadata.name);
    expect(spec.metrics[0].type).toBe('Pods');
    expect(spec.metrics[0].pods.metric.name).toBe(rule.name.as);
    expect(spec.metrics[0].pods.target.type).toBe('AverageValue');
    expect('http_requests_total').toMatch(new RegExp(rule.name.matches));
    expect(rule.seriesQuery).toMatch(/^http_requests_total\{/);
    expect(deployment.spec.template.metadata.annotations['prometheus.io/scrape']).toBe('true');
  });
});
