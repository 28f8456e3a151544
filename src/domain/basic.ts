/** The name in a header of HTTP Basic (RFC 7617); nothing where there is none, or it cannot be read. */
export function nameInBasic(header: string): string | undefined {
  const [, basic = ''] = /^basic ([\w+/=-]+)$/i.exec(header) ?? [];
  return Buffer.from(basic, 'base64').toString('utf8').split(':')[0] || undefined;
}
