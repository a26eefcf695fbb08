/** Each of these files adds one group of prom-client's default metrics. prom-client ships no types for them. */
declare module 'prom-client/lib/metrics/*' {
  const addTo: (registry: import('prom-client').Registry) => void;
  export default addTo;
}
