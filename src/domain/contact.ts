/** As much of an address as its owner recognises: `m•••@correo.cl`. */
export function maskedEmail(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  return `${Array.from(local)[0] ?? ''}•••@${domain}`;
}

/** `+56 9 •••• 1111`. */
export const maskedPhone = (phone: string): string =>
  `${phone.startsWith('+56') ? '+56\u00a09\u00a0' : ''}••••\u00a0${phone.slice(-4)}`;
