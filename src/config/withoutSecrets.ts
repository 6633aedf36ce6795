import { isMap, isScalar, parseDocument, visit } from 'yaml';

const SECRET_KEY = /^(?:.*_)?(?:password|passphrase|token|secret|apikey|api_key|authorization)$/i;
/** Long enough for every schema that asks for a least length. */
const LEFT_OUT = 'left-out-of-the-recording';
const LOGIN_IN_URL = /(\w+:\/\/)[^\s/@'"]+@/g;
const isReference = (text: string): boolean => /^\$\{[A-Za-z_]\w*(:-[^}]*)?\}$/.test(text);

/** The text of a pipeline file with whatever stands in it as a literal password, token or login left out; `${NAME}` stays. */
export function withoutSecrets(text: string): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) return text.replaceAll(LOGIN_IN_URL, '$1');
  let isChanged = false;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== 'string') return;
      if (!SECRET_KEY.test(String(key.value)) || isReference(value.value)) return;
      value.value = LEFT_OUT;
      isChanged = true;
    },
    Scalar(_, node) {
      if (typeof node.value !== 'string') return;
      const shown = node.value.replaceAll(LOGIN_IN_URL, (whole, scheme: string) =>
        whole.includes('${') ? whole : scheme,
      );
      if (shown === node.value) return;
      node.value = shown;
      isChanged = true;
    },
  });
  // Untouched, it is recorded letter by letter.
  return isChanged && isMap(document.contents) ? document.toString() : text;
}
