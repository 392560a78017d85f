/** For writers of voice sources: one suite that every adapter of a speech service passes. Node only. */
export { conformanceChecks } from './conformance-checks.ts';
export { ConformanceError } from './conformance-error.ts';
export { FaultProxy, type Faults } from './fault-proxy.ts';
export type { Check, OpenSettings, Served, Subject, Texts, Variants } from './subject.ts';
