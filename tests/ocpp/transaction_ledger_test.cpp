// SPDX-License-Identifier: Apache-2.0
// Transactions across a loss of power.
#include "ocpp/transaction_ledger.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using test::FakeStore;

Transaction transaction(const std::string& local_id, ConnectorId connector) {
    Transaction made;
    made.local_id = local_id;
    made.connector = connector;
    made.id_tag = "ABC";
    made.start = {test::test_start, test::utc_at(test::test_start)};
    made.meter_start = WattHours(1234.5);
    made.boot_id = "boot1";
    return made;
}

TEST(TransactionLedger, FindsWhatIsOpen) {
    Effects effects;
    TransactionLedger ledger({});
    ledger.add(transaction("a", 1), effects);
    ledger.add(transaction("b", 2), effects);
    EXPECT_EQ(ledger.find_open(2)->local_id, "b");
    EXPECT_EQ(ledger.find_open(3), nullptr);
    EXPECT_EQ(ledger.find_open_by_id(0), nullptr);
    ledger.find("b")->id = 0;
    EXPECT_EQ(ledger.find_open_by_id(0)->local_id, "b");
    ledger.find("b")->open = false;
    EXPECT_EQ(ledger.find_open(2), nullptr);
    EXPECT_EQ(ledger.find_open_by_id(0), nullptr);
    EXPECT_NE(ledger.find("b"), nullptr);
}

TEST(TransactionLedger, ComesBackFromTheStore) {
    Effects effects;
    TransactionLedger ledger({});
    ledger.add(transaction("a", 1), effects).id = -7;
    ledger.find("a")->deauthorized = true;
    TransactionLedger::save(*ledger.find("a"), effects);
    ledger.add(transaction("b", 2), effects);
    FakeStore store;
    store.commit(effects);

    TransactionLedger after(store.load().records);
    const Transaction& a = *after.find("a");
    EXPECT_EQ(a.connector, 1);
    EXPECT_EQ(a.id_tag, "ABC");
    EXPECT_EQ(a.start.utc, test::utc_at(test::test_start));
    EXPECT_EQ(a.meter_start, WattHours(1234.5));
    EXPECT_EQ(a.id, -7);
    EXPECT_TRUE(a.open);
    EXPECT_TRUE(a.deauthorized);
    EXPECT_EQ(a.boot_id, "boot1");
    EXPECT_EQ(after.find("b")->id, std::nullopt);
}

TEST(TransactionLedger, ForgetsAlsoInTheStore) {
    Effects effects;
    TransactionLedger ledger({});
    ledger.add(transaction("a", 1), effects);
    ledger.forget("a", effects);
    FakeStore store;
    store.commit(effects);
    EXPECT_EQ(ledger.find("a"), nullptr);
    EXPECT_FALSE(store.has_record("transaction", "a"));
    effects.clear();
    ledger.forget("a", effects);
    EXPECT_TRUE(effects.empty());
}

TEST(TransactionLedger, PassesOverWhatIsDamaged) {
    TransactionLedger ledger({{"transaction", "a", "{"}, {"transaction", "b", R"({"connector":"x"})"}});
    EXPECT_EQ(ledger.find("a"), nullptr);
    EXPECT_FALSE(ledger.find("b")->open);
}

}  // namespace
}  // namespace busbar::ocpp
