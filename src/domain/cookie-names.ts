/** Of a sign-in that has begun, by its number: for its pages, and for the way back from them. */
export const begunCookies = ({ secure }: { readonly secure: boolean }) => ({
  interaction: secure ? '__Secure-interaction' : 'op-interaction',
  resume: secure ? '__Secure-resume' : 'op-resume',
});
