/** What the pane needs of React, whose types are a package of their own that nothing else of ours wants. */
declare module 'react' {
  export function createElement(type: string, props: object, ...children: unknown[]): unknown;
  export function useEffect(effect: () => (() => void) | undefined, inputs: readonly unknown[]): void;
  export function useRef<T>(initial: T | null): { current: T | null };
}
