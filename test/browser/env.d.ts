declare module '*.cjs?url' {
  const url: string;
  export default url;
}
