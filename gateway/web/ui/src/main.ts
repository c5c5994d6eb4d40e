// SPDX-License-Identifier: Apache-2.0
// First the words, then the pages.
import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { firstLanguage, speak } from './lib/i18n.svelte';
import './lib/theme.svelte';

void speak(firstLanguage(), false).then(() => mount(App, { target: document.getElementById('app')! }));
