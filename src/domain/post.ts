import { AGENCIES, type Agency, type Role } from './roles.ts';

/** What somebody of the staff shall be; all of it anew, never added to what she was. */
export type Post = {
  readonly roles: readonly Role[];
  readonly agency?: Agency | undefined;
  readonly office?: string | undefined;
  readonly institution?: string | undefined;
};
export type PostFault = 'no-role' | 'agency-missing' | 'institution-missing';

/** Officers belong to an agency, administrators of an institution to that institution. */
export function postFault({ roles, agency, institution }: Post): PostFault | undefined {
  if (roles.length === 0) return 'no-role';
  if (roles.some((role) => role === 'officer' || role === 'supervisor') && !AGENCIES.some((name) => name === agency))
    return 'agency-missing';
  if (roles.includes('institution') && !institution?.trim()) return 'institution-missing';
  return undefined;
}
