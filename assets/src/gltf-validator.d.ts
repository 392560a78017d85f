declare module 'gltf-validator' {
  const validator: {
    // biome-ignore lint/suspicious/noExplicitAny: the report is plain JSON
    validateBytes(bytes: Uint8Array, options: Record<string, unknown>): Promise<any>;
  };
  export default validator;
}
