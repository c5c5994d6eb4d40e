// SPDX-License-Identifier: Apache-2.0
// An MQTT broker (Debian's mosquitto) and a client that remembers what is retained and what came.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from './free_port.mjs';
import { Program, run } from './processes.mjs';
import { until } from './wait.mjs';

const mosquitto = '/usr/sbin/mosquitto';
const mosquitto_pub = '/usr/bin/mosquitto_pub';
const mosquitto_sub = '/usr/bin/mosquitto_sub';

export class MqttBroker {
    /// `user` with `password` is asked of everybody; `certificate` {key, cert} makes it speak TLS only, while a second
    /// listener without it is there for the test itself.
    static async start(made, { user, password, certificate } = {}) {
        const broker = new MqttBroker();
        broker.dir = join(made.dir, 'broker');
        mkdirSync(broker.dir, { recursive: true });
        broker.port = await freePort();
        broker.own_port = certificate ? await freePort() : broker.port;
        broker.login = user ? ['-u', user, '-P', password] : [];
        if (user) {
            writeFileSync(join(broker.dir, 'passwords'), `${user}:${password}\n`, { mode: 0o600 });
            execFileSync('/usr/bin/mosquitto_passwd', ['-U', join(broker.dir, 'passwords')]);
        }
        broker.configuration = [
            'per_listener_settings false',
            `listener ${broker.own_port} 127.0.0.1`,
            ...(certificate ? [`listener ${broker.port} 127.0.0.1`, `keyfile ${broker.dir}/key.pem`, `certfile ${broker.dir}/cert.pem`] : []),
            ...(user ? ['allow_anonymous false', `password_file ${broker.dir}/passwords`] : ['allow_anonymous true']),
            'persistence false',
            ...(process.getuid() === 0 ? ['user root'] : []),
        ];
        broker.certify(certificate);
        made.keep(broker, () => broker.stop());
        await broker.up();
        return broker;
    }

    certify(certificate) {
        if (!certificate) return;
        writeFileSync(join(this.dir, 'key.pem'), certificate.key);
        writeFileSync(join(this.dir, 'cert.pem'), certificate.cert);
    }

    async up() {
        writeFileSync(join(this.dir, 'mosquitto.conf'), this.configuration.join('\n') + '\n');
        this.program = new Program(mosquitto, ['-v', '-c', join(this.dir, 'mosquitto.conf')]);
        await this.program.says(/ running/);
        this.messages = [];
        this.listener = new Program(mosquitto_sub, ['-p', `${this.own_port}`, '-h', '127.0.0.1', ...this.login, '-F', '%r\t%t\t%p', '-t', '#']);
        await this.program.says(/SUBACK/);
    }

    async stop() {
        await this.listener?.kill();
        await this.program?.kill('SIGTERM');
    }

    /// All that was published since it is up: [{topic, payload}], oldest first.
    get heard() {
        return this.listener.output.split('\n').slice(0, -1).map((line) => {
            const [, topic, ...payload] = line.split('\t');
            return { topic, payload: payload.join('\t') };
        });
    }

    /// The newest message of a topic.
    newest(topic) {
        return this.heard.findLast((message) => message.topic === topic)?.payload;
    }

    /// Waits until the newest JSON of a topic fulfils `condition`; gives it.
    says(topic, condition) {
        return until(() => `${condition} of ${topic}, which says ${this.newest(topic)}`, () => {
            const text = this.newest(topic);
            const json = text ? JSON.parse(text) : undefined;
            return json && condition(json) && json;
        });
    }

    async publish(topic, payload, ...more) {
        const { code, output } = await run(mosquitto_pub, ['-p', `${this.own_port}`, '-h', '127.0.0.1', ...this.login, '-t', topic, '-m', payload, ...more]);
        if (code !== 0) throw new Error(`mosquitto_pub: ${output}`);
    }

    /// What somebody who comes now is told: {topic: payload} of what is retained.
    async retained() {
        const { output } = await run(mosquitto_sub, ['-p', `${this.own_port}`, '-h', '127.0.0.1', ...this.login, '--retained-only', '-W', '1', '-F', '%t\t%p', '-t', '#']);
        return Object.fromEntries(output.split('\n').filter((line) => line.includes('\t')).map((line) => line.split(/\t(.*)/s, 2)));
    }
}
