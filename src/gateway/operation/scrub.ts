/** What stands in the place of a secret. */
const HIDDEN = '***';

/** Tokens of tickets, wherever they stand. */
const TOKEN = /eyJ[\w-]{4,}\.[\w-]+\.[\w-]*/g;

/** Keys in addresses and headers. */
const FIELD = /\b(api_key|apikey|token|ticket|secret|password)(=|%3D)[^&\s"'\\]+/gi;
const SCHEME = /\b(Bearer|Basic|Token) +[^\s"'\\,]{8,}/g;
const USER = /\/\/[^/\s"'@]*@/g;

/** Environment variables that hold secrets. */
const VARIABLE = /_API_KEY$|_SECRET$|_PASSWORD$|_TOKEN$/;

/** Shorter values would hide half of a log. */
const LEAST = 6;

/** Takes secrets out of texts: those that it is told, those of the environment, and all that has their form. */
export function scrubber(
  secrets: readonly string[] = [],
  environment = process.env,
): (text: string) => string {
  const found = Object.entries(environment).flatMap(([name, value]) =>
    VARIABLE.test(name) && value ? [value] : [],
  );
  const known = [...new Set([...secrets, ...found])].filter(({ length }) => length >= LEAST);
  known.sort((a, b) => b.length - a.length); // One may be a part of another.
  return (text) =>
    known
      .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
      .replace(TOKEN, HIDDEN)
      .replace(FIELD, `$1$2${HIDDEN}`)
      .replace(SCHEME, `$1 ${HIDDEN}`)
      .replace(USER, `//${HIDDEN}@`);
}
