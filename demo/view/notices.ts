import type { Trouble } from '../trouble.ts';
import { element } from './element.ts';

/** What the visitor can do about a notice. */
export interface Remedy {
  readonly label: string;
  readonly run: () => void;
}

/** Says in words what is wrong and what to do; at most one notice of each topic. */
export class Notices {
  readonly #list = element('notices', HTMLElement);
  readonly #shown = new Map<string, HTMLElement>();

  show(topic: string, { title, advice }: Trouble, remedy?: Remedy): void {
    this.clear(topic);
    const notice = document.createElement('div');
    notice.className = 'notice';
    notice.role = 'alert';
    const heading = document.createElement('strong');
    heading.textContent = title;
    notice.append(paragraph(heading), paragraph(...withCommands(advice)));
    if (remedy) notice.append(buttonFor(remedy));
    this.#list.append(notice);
    this.#shown.set(topic, notice);
  }

  clear(topic: string): void {
    this.#shown.get(topic)?.remove();
    this.#shown.delete(topic);
  }
}

function paragraph(...content: (Node | string)[]): HTMLElement {
  const made = document.createElement('p');
  made.append(...content);
  return made;
}

function withCommands(text: string): (Node | string)[] {
  return text.split('`').map((part, i) => {
    if (i % 2 === 0) return part;
    const command = document.createElement('code');
    command.textContent = part;
    return command;
  });
}

function buttonFor({ label, run }: Remedy): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.addEventListener('click', run);
  return button;
}
