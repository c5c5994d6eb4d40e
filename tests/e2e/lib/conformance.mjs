// SPDX-License-Identifier: Apache-2.0
// The judge of one charge point's frames: OCPP-J's form, the OCPP 1.6 JSON schemas that npm ocpp-rpc carries, and one
// open CALL at a time.

import validators from '../../node_modules/ocpp-rpc/lib/standard-validators.js';

const schemas = validators.find((validator) => validator.subprotocol === 'ocpp1.6');
const error_codes = new Set([
    'NotImplemented', 'NotSupported', 'InternalError', 'ProtocolError', 'SecurityError', 'FormationViolation',
    'PropertyConstraintViolation', 'OccurenceConstraintViolation', 'TypeConstraintViolation', 'GenericError',
]);

export class Conformance {
    problems = [];
    /// The id of the charge point's CALL that waits for its answer.
    open;

    #used = new Set();
    #asked = new Map(); // id -> actions asked under it, oldest first

    /// We sent a CALL with this id and action.
    asked(id, action) {
        this.#asked.set(id, [...(this.#asked.get(id) ?? []), action]);
    }

    /// We answered the charge point's open CALL.
    answered(id) {
        if (this.open === id) this.open = undefined;
    }

    /// Judges one frame of the charge point; gives it parsed, or undefined when it is no JSON.
    judge(text) {
        let frame;
        try {
            frame = JSON.parse(text);
        } catch {
            this.#wrong('no JSON', text);
            return undefined;
        }
        const kinds = { 2: this.#call, 3: this.#result, 4: this.#error };
        const check = Array.isArray(frame) && kinds[frame[0]];
        if (!check) this.#wrong('no OCPP-J frame', text);
        else check.call(this, frame, text);
        return frame;
    }

    #wrong(what, text) {
        this.problems.push(`${what}: ${text.slice(0, 500)}`);
    }

    #schema(name, payload, text) {
        try {
            schemas.validate(`urn:${name}`, payload);
        } catch (error) {
            this.#wrong(`${name}: ${error.message}`, text);
        }
    }

    #call([, id, action, payload, ...more], text) {
        if (typeof id !== 'string' || id.length < 1 || id.length > 36) this.#wrong('an id of 1 to 36 characters', text);
        if (this.#used.has(id)) this.#wrong('an id used before', text);
        if (this.open !== undefined) this.#wrong(`a second CALL while ${this.open} is open`, text);
        if (more.length > 0) this.#wrong('too many elements', text);
        this.#used.add(id);
        this.open = id;
        this.#schema(`${action}.req`, payload, text);
    }

    /// The action that this answers; undefined, and a problem, when nobody asked.
    #answeredAction(id, text) {
        const action = this.#asked.get(id)?.shift();
        if (!action) this.#wrong('an answer that nobody waits for', text);
        return action;
    }

    #result([, id, payload, ...more], text) {
        if (more.length > 0) this.#wrong('too many elements', text);
        const action = this.#answeredAction(id, text);
        if (action) this.#schema(`${action}.conf`, payload, text);
    }

    #error([, id, code, description, details, ...more], text) {
        const form = typeof description === 'string' && description.length <= 255 && details?.constructor === Object && more.length === 0;
        if (!form) this.#wrong('a malformed CALLERROR', text);
        if (!error_codes.has(code)) this.#wrong('an error code that OCPP does not have', text);
        if (id !== '-1') this.#answeredAction(id, text);
    }
}
