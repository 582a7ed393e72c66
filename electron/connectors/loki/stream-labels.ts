/** Under which label collectors put the name of a service; the first that knows the service is taken. */
export const SERVICE_LABELS = [
  'service_name',
  'service',
  'app',
  'app_kubernetes_io_name',
  'k8s_deployment_name',
  'deployment',
  'container',
];
export const NAMESPACE_LABELS = ['namespace', 'k8s_namespace_name'];

/** '' where a stream names none. */
export const namespaceIn = (labels: Record<string, string>): string =>
  labels[NAMESPACE_LABELS.find((label) => labels[label]) ?? ''] ?? '';
