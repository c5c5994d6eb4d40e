// SPDX-License-Identifier: Apache-2.0
// What runs on a router: a name server that knows one name, and the web server of a captive portal.
// Arguments: NAME, and the ADDRESS it has, and its IPv6 ADDRESS where it has one.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';

const [name, address, six] = process.argv.slice(2);
const ttl_s = 60;

/// By type of record: its data.
const records = {
    1: Buffer.from(address.split('.').map(Number)),
    ...(six && { 28: bytesOfSix(six) }),
};

function bytesOfSix(text) {
    const [head, tail = []] = text.split('::').map((part) => part.split(':').filter(Boolean));
    const groups = [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
    return Buffer.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));
}

/// The question's name and where it ends (RFC 1035 section 4.1.2).
function question(query) {
    const labels = [];
    let at = 12;
    for (; query[at] > 0; at += query[at] + 1) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    return { asked: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answer(query) {
    const { asked, type, end } = question(query);
    const known = asked === name;
    const found = known ? records[type] : undefined;
    const reply = Buffer.from(query.subarray(0, end));
    reply.writeUInt16BE(known ? 0x8180 : 0x8183, 2); // response, recursion; else also: no such name
    reply.writeUInt16BE(found ? 1 : 0, 6);
    reply.writeUInt32BE(0, 8); // no authority; EDNS is not understood
    if (!found) return reply;
    return Buffer.concat([reply, Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, ttl_s, 0, found.length]), found]);
}

const names = createSocket(six ? 'udp6' : 'udp4');
names.on('message', (query, { port, address: who }) => {
    if (query.length > 16) names.send(answer(query), port, who);
});
names.bind(53);

const portal = createServer((_, response) => response.writeHead(302, { Location: 'http://portal.test/login' }).end());
portal.on('clientError', (_, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
portal.listen(8080);

await Promise.all([once(names, 'listening'), once(portal, 'listening')]);
console.log('ready');
