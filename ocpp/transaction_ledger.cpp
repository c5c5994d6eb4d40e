// SPDX-License-Identifier: Apache-2.0
#include "ocpp/transaction_ledger.hpp"

#include <algorithm>
#include <utility>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

Json to_json(const Transaction& transaction) {
    Json body{{"connector", transaction.connector},
              {"id_tag", transaction.id_tag},
              {"meter_start", transaction.meter_start.value()},
              {"open", transaction.open},
              {"deauthorized", transaction.deauthorized},
              {"boot_id", transaction.boot_id}};
    if (transaction.id) body["id"] = *transaction.id;
    if (transaction.parent) body["parent"] = encode(*transaction.parent);
    if (transaction.energy_until) body["energy_until"] = transaction.energy_until->value();
    if (transaction.stopping) body["stopping"] = encode(*transaction.stopping);
    if (!transaction.stopped_by.empty()) body["stopped_by"] = transaction.stopped_by;
    if (transaction.remote) body["remote"] = true;
    if (transaction.start.utc) body["start"] = to_iso8601(*transaction.start.utc);
    return body;
}

/// A start without UTC keeps none: the steady time of another run says nothing.
Transaction from_json(std::string local_id, const Json& body) {
    Transaction transaction;
    transaction.local_id = std::move(local_id);
    transaction.connector = field(body, "connector", 1);
    transaction.id_tag = field(body, "id_tag", std::string());
    transaction.meter_start = WattHours(field(body, "meter_start", 0.0));
    transaction.open = field(body, "open", false);
    transaction.deauthorized = field(body, "deauthorized", false);
    transaction.boot_id = field(body, "boot_id", std::string());
    if (body.contains("parent")) transaction.parent = field(body, "parent", IdToken());
    transaction.stopped_by = field(body, "stopped_by", std::string());
    transaction.remote = field(body, "remote", false);
    if (body.contains("energy_until")) transaction.energy_until = WattHours(field(body, "energy_until", 0.0));
    if (body.contains("stopping")) transaction.stopping = field(body, "stopping", Reason::Other);
    if (body.contains("id")) transaction.id = field(body, "id", -1);
    transaction.start.utc = parse_iso8601(field(body, "start", std::string()));
    return transaction;
}

}  // namespace

TransactionLedger::TransactionLedger(const std::vector<Record>& saved) {
    for (const auto& record : saved) {
        if (record.kind != record_kind) continue;
        const Json body = Json::parse(record.body, nullptr, false);
        if (body.is_object()) transactions_.push_back(from_json(record.key, body));
    }
}

Transaction& TransactionLedger::add(Transaction transaction, Effects& effects) {
    save(transaction, effects);
    return transactions_.emplace_back(std::move(transaction));
}

const Transaction* TransactionLedger::find(std::string_view local_id) const {
    const auto found = std::find_if(transactions_.begin(), transactions_.end(),
                                    [&](const Transaction& one) { return one.local_id == local_id; });
    return found == transactions_.end() ? nullptr : &*found;
}

Transaction* TransactionLedger::find(std::string_view local_id) {
    return const_cast<Transaction*>(std::as_const(*this).find(local_id));  // NOLINT: ours, and not const
}

Transaction* TransactionLedger::find_open(ConnectorId connector) {
    const auto found = std::find_if(transactions_.begin(), transactions_.end(), [&](const Transaction& one) {
        return one.open && one.connector == connector;
    });
    return found == transactions_.end() ? nullptr : &*found;
}

Transaction* TransactionLedger::find_open_by_id(int id) {
    const auto found = std::find_if(transactions_.begin(), transactions_.end(),
                                    [&](const Transaction& one) { return one.open && one.id == id; });
    return found == transactions_.end() ? nullptr : &*found;
}

int TransactionLedger::count_open() const {
    return static_cast<int>(std::count_if(transactions_.begin(), transactions_.end(),
                                          [](const Transaction& one) { return one.open; }));
}

int TransactionLedger::open_before(ConnectorId connector) const {
    const auto own = std::find_if(transactions_.begin(), transactions_.end(), [&](const Transaction& one) {
        return one.open && one.connector == connector;
    });
    int count = 0;
    for (auto other = transactions_.begin(); other != transactions_.end(); ++other) {
        if (own == transactions_.end() || other == own || !other->open) continue;
        // Without UTC they all began in this run, and stand in the order in which they did.
        const bool timed = other->start.utc && own->start.utc && *other->start.utc != *own->start.utc;
        if (timed ? *other->start.utc < *own->start.utc : other < own) ++count;
    }
    return count;
}

void TransactionLedger::save(const Transaction& transaction, Effects& effects) {
    effects.emplace_back(
        SaveRecord{{std::string(record_kind), transaction.local_id, to_text(to_json(transaction))}});
}

void TransactionLedger::forget(std::string_view local_id, Effects& effects) {
    const auto gone = std::remove_if(transactions_.begin(), transactions_.end(),
                                     [&](const Transaction& one) { return one.local_id == local_id; });
    if (gone == transactions_.end()) return;
    effects.emplace_back(EraseRecord{std::string(record_kind), std::string(local_id)});
    transactions_.erase(gone, transactions_.end());
}

}  // namespace busbar::ocpp
