// SPDX-License-Identifier: GPL-2.0-or-later
// markdown.js - the exercises' texts: marked reads them, and its tokens become elements here. Nothing is
// put into the page as HTML, and links leave the page only to be read.
import { Lexer } from 'marked';
import { html } from './ui.js';

const entity = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

function plain(text) {
    return text.replace(/&(amp|lt|gt|quot|#39);/g, (found) => entity[found]);
}

const INLINE = {
    strong: (token) => html`<strong>${inline(token.tokens)}</strong>`,
    em: (token) => html`<em>${inline(token.tokens)}</em>`,
    codespan: (token) => html`<code>${plain(token.text)}</code>`,
    br: () => html`<br />`,
    link: (token) => (/^https:\/\//.test(token.href) ? html`<a href=${token.href} rel="noreferrer" target="_blank">${inline(token.tokens)}</a>` : html`<span>${inline(token.tokens)}</span>`),
};

function inline(tokens = []) {
    return tokens.map((token) => (INLINE[token.type] ? INLINE[token.type](token) : token.tokens ? inline(token.tokens) : plain(token.text ?? token.raw)));
}

function cells(row, Tag, align) {
    return row.map((cell, i) => html`<${Tag} key=${i} style=${{ textAlign: align[i] || null }}>${inline(cell.tokens)}<//>`);
}

const BLOCK = {
    heading: (token) => html`<${'h' + Math.min(4, token.depth + 1)}>${inline(token.tokens)}<//>`,
    paragraph: (token) => html`<p>${inline(token.tokens)}</p>`,
    text: (token) => inline(token.tokens || [token]),
    code: (token) => html`<pre class="scroll" tabindex="0"><code>${token.text}</code></pre>`,
    blockquote: (token) => html`<blockquote>${blocks(token.tokens)}</blockquote>`,
    hr: () => html`<hr />`,
    list: (token) => html`<${token.ordered ? 'ol' : 'ul'}>${token.items.map((item, i) => html`<li key=${i}>${blocks(item.tokens)}</li>`)}<//>`,
    table: (token) => html`<div class="scroll" tabindex="0" role="region" aria-label="Table"><table><thead><tr>${cells(token.header, 'th', token.align)}</tr></thead>
        <tbody>${token.rows.map((row, i) => html`<tr key=${i}>${cells(row, 'td', token.align)}</tr>`)}</tbody></table></div>`,
};

function blocks(tokens) {
    return tokens.map((token) => (BLOCK[token.type] ? BLOCK[token.type](token) : null));
}

export function Markdown({ text }) {
    return html`<div class="markdown">${blocks(new Lexer().lex(text || ''))}</div>`;
}
