import { html, type Page } from '../html.ts';

/** Three ranges and a low sun: the ground of the front page. Decoration. */
export const andes = (): Page => html`
  <svg class="andes" viewBox="0 0 1200 220" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
    <circle class="andes-sun" cx="772" cy="88" r="38" />
    <path
      class="andes-far"
      d="M0 150 90 104l60 30 96-78 74 60 52-28 98 64 84-96 66 52 58-30 92 70 74-54 66 36 92-92 84 84 70-46 44 30v114H0z"
    />
    <path
      class="andes-mid"
      d="M0 186 120 138l86 34 110-68 92 62 74-30 116 58 96-74 88 60 92-44 98 56 86-62 82 42 60-28v136H0z"
    />
    <path class="andes-near" d="M0 206c150-34 260-30 400-8s250 12 390-12 270-14 410 8v26H0z" />
  </svg>
`;
