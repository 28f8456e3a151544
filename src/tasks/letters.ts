import { alertLetter } from '#views/letters/alert.ts';
import { codeLetter, codeText, type CodeLetter } from '#views/letters/code.ts';
import { enrolmentCodeLetter, enrolmentLetter } from '#views/letters/enrolment.ts';
import { noticeLetter } from '#views/letters/notice.ts';
import { isLang, words } from '#views/words.ts';
import type { Config } from '../config.ts';
import type { Live } from '../connect.ts';
import { writtenCode } from '../domain/code.ts';
import { confirmedAddresses } from '../domain/notice.ts';
import type { Letter } from '../stores/outbox.ts';

type Post = Pick<Live, 'mailer' | 'texter'> & {
  readonly config: Pick<Config, 'origin' | 'helpPhone' | 'consolePort' | 'consoleOrigin' | 'alertMailto'>;
  readonly parts: Pick<Live['parts'], 'accounts' | 'calendar' | 'clock' | 'notices' | 'outbox' | 'transaction'>;
};

/** A job's id, the same at every try: so a letter that leaves twice says so by its Message-ID. */
type Job = { readonly id: string };

const KINDS = {
  'sign-in-code': 'sign-in',
  'recovery-code': 'recovery',
  'activation-code': 'activation',
  'confirmation-code': 'confirmation',
} as const satisfies Record<string, CodeLetter['kind']>;

type EnrolmentLetter = Extract<Letter, { readonly letter: 'enrolment' }>;
type EnrolmentCode = Extract<Letter, { readonly letter: 'enrolment-code' }>;
type AlertLetter = Extract<Letter, { readonly letter: 'alert' }>;

export type Delivered = 'sent' | 'handed-on' | 'too-late' | 'to-nobody';

/** Writes a letter and sends it. Throws when it could not: it will be tried again. */
export async function deliver(post: Post, letter: Letter, job: Job): Promise<Delivered> {
  if (letter.letter === 'alert') return alert(post, letter, job);
  if (letter.letter === 'enrolment') return enrolment(post, letter, job);
  if (letter.letter !== 'notice' && letter.until <= post.parts.clock()) return 'too-late';
  if (letter.letter === 'enrolment-code') return enrolmentCode(post, letter, job);
  const account = letter.accountId === undefined ? undefined : await post.parts.accounts.byId(letter.accountId);
  if (!account) return 'to-nobody';
  const { person } = account;
  if (letter.letter === 'notice') {
    const { token, event, at, asker, ref, change } = letter;
    await post.parts.notices.add({ token, accountId: account.id, event, at, asker, ref, change });
    await send(post, { letter, to: letter.to, name: person.names[0] ?? '', job });
    return 'sent';
  }
  if (letter.letter === 'confirmation-code') {
    if (letter.to.channel === 'email') await send(post, { letter, to: letter.to.address, name: '', job });
    else await text(post, { code: letter.code, lang: letter.lang, to: letter.to.address, job });
    return 'sent';
  }
  if (letter.letter === 'recovery-code') {
    const { token, at, asker } = letter;
    await post.parts.notices.add({ token, accountId: account.id, event: 'recovery-asked', at, asker });
  }
  // An activation code goes where the officer's case says; nobody has confirmed that yet.
  const to = letter.letter === 'activation-code' ? [person.email ?? []].flat() : confirmedAddresses(person);
  const [first] = letter.only === undefined ? to : [letter.only];
  if (first === undefined) return 'to-nobody';
  if (letter.only === undefined && to.length > 1) {
    // One address that refuses must not bring the letter to the others again.
    await post.parts.transaction(async (tx) => {
      for (const only of to) await tx.outbox.add({ ...letter, only });
    });
    return 'handed-on';
  }
  await send(post, { letter, to: first, name: person.names[0] ?? '', job });
  return 'sent';
}

/** Where the operator wants to hear of them, if anywhere. */
async function alert({ mailer, config }: Post, letter: AlertLetter, job: Job): Promise<Delivered> {
  if (config.alertMailto === undefined) return 'to-nobody';
  const console = config.consolePort === 0 ? undefined : `${config.consoleOrigin}/alertas`;
  await mailer.send({
    to: config.alertMailto,
    id: job.id,
    ...alertLetter({ ...letter, lang: 'es', console }),
  });
  return 'sent';
}

const wayOf = ({ config }: Post, token: string) => `${config.origin}/obtener/seguir?t=${token}`;

/** The code that shows that the address is hers; to nobody when too many went there today. */
async function enrolmentCode(post: Post, letter: EnrolmentCode, job: Job): Promise<Delivered> {
  const { to, at, asker, code, token } = letter;
  if (to === undefined) return 'to-nobody';
  const written = {
    lang: langOf(letter.lang),
    code: writtenCode(code),
    way: wayOf(post, token),
    asked: { ...asker, at },
  };
  await post.mailer.send({ to, id: `${job.id}.${String(at)}`, ...enrolmentCodeLetter(written) });
  return 'sent';
}

/** Where she goes on when the case is no place to go back to. */
const AFTERWARDS: Partial<Record<EnrolmentLetter['event'], string>> = {
  ...{ identified: '/activar', rejected: '/ayuda#oficinas', withdrawn: '/obtener' },
};

/** About an hour, with the file for her calendar: the same event each time, so that it moves and goes there too. */
async function enrolment(post: Post, letter: EnrolmentLetter, job: Job): Promise<Delivered> {
  const { event, to, at, token, hour, caseId, version, rejection } = letter;
  const [lang, way] = [langOf(letter.lang), wayOf(post, token)];
  const next = AFTERWARDS[event];
  const leads = next === undefined ? way : `${post.config.origin}${next}`;
  const written = enrolmentLetter({ event, lang, way: leads, hour, rejection, phone: post.config.helpPhone });
  const cancelled = event === 'cancelled' || event === 'missed' || event === 'withdrawn';
  const w = words(lang).enrolmentLetters;
  const file =
    hour && event !== 'free'
      ? await post.parts.calendar({
          ...{ uid: `${caseId}@${new URL(post.config.origin).hostname}`, sequence: version, at, cancelled },
          ...{ startsAt: hour.startsAt, endsAt: hour.endsAt, title: w.calendar, text: `${w.bring}\n${way}` },
          ...{ place: hour.office === undefined ? w.video : `${hour.office}, ${hour.address ?? ''}`, url: way },
        })
      : undefined;
  const attachments =
    file === undefined ? [] : [{ filename: 'hora.ics', contentType: calendarType(cancelled), content: file }];
  await post.mailer.send({ to, id: `${job.id}.${String(at)}`, ...written, attachments });
  return 'sent';
}

const calendarType = (cancelled: boolean) => `text/calendar; charset=utf-8; method=${cancelled ? 'CANCEL' : 'PUBLISH'}`;

type Sending = {
  readonly letter: Exclude<Letter, AlertLetter | EnrolmentLetter | EnrolmentCode>;
  readonly to: string;
  readonly name: string;
  readonly job: Job;
};

async function send({ mailer, config }: Post, { letter, to, name, job }: Sending): Promise<void> {
  const { at, asker } = letter;
  const common = { lang: langOf(letter.lang), name, asked: { ...asker, at }, phone: config.helpPhone };
  const notMe = 'token' in letter ? `${config.origin}/no-fui-yo?t=${letter.token}` : undefined;
  const written =
    letter.letter === 'notice'
      ? noticeLetter({
          ...{ ...common, event: letter.event, change: letter.change, notMe: notMe ?? '' },
          recover: recoverOf(letter.event, config),
        })
      : codeLetter({
          ...{ ...common, notMe, kind: KINDS[letter.letter], code: writtenCode(letter.code) },
          minutes: Math.round((letter.until - at) / 60_000),
          activate: letter.letter === 'activation-code' ? `${config.origin}/activar` : undefined,
        });
  await mailer.send({ to, id: `${job.id}.${String(at)}`, ...written });
}

const recoverOf = (event: string, { origin }: Pick<Config, 'origin'>) =>
  event === 'recovery-sent' ? `${origin}/recuperar` : undefined;

type Texting = {
  readonly code: string;
  readonly lang: string | undefined;
  readonly to: string;
  readonly job: Job;
};

async function text({ texter }: Post, { code, lang, to, job }: Texting): Promise<void> {
  if (!texter) throw new Error('sms: SMS_WEBHOOK_URL is not set');
  await texter.send({ to, text: codeText(langOf(lang), writtenCode(code)), id: job.id });
}

const langOf = (lang: string | undefined) => (lang !== undefined && isLang(lang) ? lang : 'es');
