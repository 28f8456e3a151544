import { AGENCIES, type Agency, type Role, type Staff } from './roles.ts';

/** What somebody of the staff shall be; all of it anew, never added to what she was. */
export type Post = {
  readonly roles: readonly Role[];
  readonly agency?: Agency | undefined;
  readonly office?: string | undefined;
  readonly institution?: string | undefined;
};
export type PostFault = 'no-role' | 'agency-missing' | 'institution-missing';

const OF_AN_AGENCY: readonly Role[] = ['officer', 'supervisor'];

/**
 * Whose supervisors may give such a post, or take it from who has it. Undefined: nobody's, since it reaches beyond one
 * agency, or would take somebody away from another; that is for who works for all of them.
 */
export function agencyOf(post: Post, before: Staff | undefined): Agency | undefined {
  const posts = before && before.state !== 'disabled' ? [post, before] : [post];
  const within = posts.every(
    ({ roles, agency }) => agency === post.agency && roles.every((role) => OF_AN_AGENCY.includes(role)),
  );
  return within ? post.agency : undefined;
}

/** Officers belong to an agency, administrators of an institution to that institution. */
export function postFault({ roles, agency, institution }: Post): PostFault | undefined {
  if (roles.length === 0) return 'no-role';
  if (roles.some((role) => OF_AN_AGENCY.includes(role)) && !AGENCIES.some((name) => name === agency))
    return 'agency-missing';
  if (roles.includes('institution') && !institution?.trim()) return 'institution-missing';
  return undefined;
}
