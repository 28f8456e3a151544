import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { MasterKey } from '../config.ts';
import type { Vault } from '../domain/vault.ts';
import { random } from './chance.ts';

const IV = 12;
const TAG = 16;

/** The vault over keys in memory. A sealed value: length of the key's id, the id, IV, tag, ciphertext. */
export function createVault(masterKeys: readonly MasterKey[]): Vault {
  const [first] = masterKeys;
  if (!first) throw new Error('vault: at least one master key is required');
  const derived = new Map<string, Buffer>();
  const derive = ({ id, key }: MasterKey, purpose: string): Buffer => {
    const name = `${id}|${purpose}`;
    const known = derived.get(name) ?? Buffer.from(hkdfSync('sha256', key, 'claveunica', purpose, 32));
    derived.set(name, known);
    return known;
  };
  const objects = new Map<string, KeyObject>();
  /** The same as an object: of a Buffer, Node 24 finds out by two exceptions that it is none, at 20 µs a time. */
  const secret = (master: MasterKey, purpose: string): KeyObject => {
    const name = `${master.id}|${purpose}`;
    const known = objects.get(name) ?? createSecretKey(derive(master, purpose));
    objects.set(name, known);
    return known;
  };
  const byId = (id: string) => masterKeys.find((key) => key.id === id);
  const id = Buffer.from(first.id);
  /** How a value of today begins. */
  const sealedBy = Buffer.concat([Buffer.of(id.length), id]);
  const heirlooms = new Map<string, { readonly index: KeyObject; readonly pepper: Buffer }>();
  const inherited = () => [...heirlooms].filter(([id]) => !byId(id)).map(([, keys]) => keys);

  return {
    ids: [first.id, ...masterKeys.slice(1).map(({ id }) => id)],
    seal(plain, place) {
      const iv = random(IV);
      const cipher = createCipheriv('aes-256-gcm', secret(first, 'seal'), iv).setAAD(Buffer.from(place));
      const text = cipher.update(plain, 'utf8');
      // Of GCM nothing comes at the end.
      cipher.final();
      return Buffer.concat([sealedBy, iv, cipher.getAuthTag(), text]);
    },
    open(sealed, place) {
      const at = 1 + (sealed[0] ?? 0);
      const master = byId(sealed.toString('utf8', 1, at));
      if (!master) throw new Error('vault: sealed by a key that is not here');
      const iv = sealed.subarray(at, at + IV);
      const tag = sealed.subarray(at + IV, at + IV + TAG);
      const decipher = createDecipheriv('aes-256-gcm', secret(master, 'seal'), iv, { authTagLength: TAG });
      decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
      const plain = decipher.update(sealed.subarray(at + IV + TAG));
      // Throws when it was changed; of GCM nothing comes at the end.
      decipher.final();
      return plain.toString('utf8');
    },
    indexes(value, place) {
      const under = (key: KeyObject) => createHmac('sha256', key).update(`${place}\0${value}`).digest();
      const index = (key: MasterKey) => under(secret(key, 'index'));
      return [index(first), ...masterKeys.slice(1).map(index), ...inherited().map((keys) => under(keys.index))];
    },
    pepper(id = first.id) {
      const master = byId(id);
      const key = master ? derive(master, 'pepper') : heirlooms.get(id)?.pepper;
      return key && { id, key };
    },
    signing(purpose) {
      const key = (master: MasterKey) => derive(master, `sign ${purpose}`).toString('base64url');
      return [key(first), ...masterKeys.slice(1).map(key)];
    },
    heirloom(id) {
      const master = byId(id);
      if (!master) throw new Error(`vault: ${id} is not in the list`);
      return ['index', 'pepper'].map((purpose) => derive(master, purpose).toString('base64url')).join(' ');
    },
    inherit(id, heirloom) {
      const [index = '', pepper = ''] = heirloom.split(' ');
      heirlooms.set(id, { index: createSecretKey(index, 'base64url'), pepper: Buffer.from(pepper, 'base64url') });
    },
  };
}
