import { writtenRun, type Run } from './run.ts';

/** What is shown of somebody to who only needs to recognise her: first letters, the ends of addresses. */

/** `María Carmen Del Río` → `M•••• C••••• D•• R••`. */
export const maskedName = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => {
      const [first = '', ...rest] = Array.from(word);
      return first + '•'.repeat(rest.length);
    })
    .join(' ');

/** `maria@correo.example` → `m•••@correo.example`. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${Array.from(email)[0] ?? ''}•••${email.slice(at)}`;
}

/** `22222222-2` → `••.•••.222-2`. */
export const maskedRun = (run: Run): string => writtenRun(run).replace(/\d(?=.{5})/g, '•');

/** `+56911111111` → `+56•••••1111`. */
export const maskedPhone = (phone: string): string => `${phone.slice(0, 3)}•••••${phone.slice(-4)}`;
