/** A short message. `to` is E.164; `id` is the same when it is sent again. */
export type Text = { readonly to: string; readonly text: string; readonly id: string };

export interface Texter {
  send(text: Text): Promise<void>;
}

const PATIENCE = 10_000;

/**
 * SMS by a webhook of the operator's: POST of `{"to", "text"}` as JSON, any 2xx is done, anything else is tried again with
 * the same `Idempotency-Key`. `https://USER:PASSWORD@HOST/…` signs in by Basic. Redirects are not followed: they would
 * take codes elsewhere.
 */
export function smsWebhook(address: string): Texter {
  const url = new URL(address);
  const { username, password } = url;
  url.username = url.password = '';
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return {
    async send({ to, text, id }) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': id,
          ...(username !== '' && { authorization: `Basic ${basic}` }),
        },
        body: JSON.stringify({ to, text }),
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE),
      });
      await response.body?.cancel();
      // Its words may repeat the number.
      if (!response.ok) throw new Error(`sms: the webhook answered ${String(response.status)}`);
    },
  };
}
