// SPDX-License-Identifier: Apache-2.0
#include "ocpp/transaction_data.hpp"

#include <gmock/gmock.h>

#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

MeterValue value(int number) {
    SampledValue sample;
    sample.value = std::to_string(number);
    return {"t" + std::to_string(number), {sample}};
}

class TransactionDataTest : public testing::Test {
  protected:
    void add(int from, int to, std::size_t most = 100) {
        for (int number = from; number <= to; ++number) data.add(value(number), most, effects);
    }
    std::vector<std::string> take() {
        std::vector<std::string> times;
        for (const auto& one : data.take(effects)) times.push_back(one.timestamp);
        return times;
    }
    void restart(const std::string& transaction) {
        store.commit(std::exchange(effects, {}));
        data = TransactionData(transaction, store.load().records);
    }

    Effects effects;
    test::FakeStore store;
    TransactionData data{"", {}};
};

TEST_F(TransactionDataTest, GivesWhatWasCollectedInOrderOnce) {
    data.begin("tx");
    add(1, 3);
    EXPECT_THAT(take(), ElementsAre("t1", "t2", "t3"));
    EXPECT_THAT(take(), IsEmpty());
}

TEST_F(TransactionDataTest, KeepsBeginAndEndWhenItHasTooMany) {
    data.begin("tx");
    add(1, 9, 4);
    const auto times = take();
    EXPECT_LE(times.size(), 4U);
    EXPECT_EQ(times.front(), "t1");
    EXPECT_EQ(times.back(), "t9");
}

TEST_F(TransactionDataTest, SurvivesALossOfPowerBeyondTenElements) {
    data.begin("tx");
    add(1, 12);
    restart("tx");
    add(13, 13);
    restart("tx");
    EXPECT_THAT(take(), ElementsAre("t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11", "t12",
                                    "t13"));
}

TEST_F(TransactionDataTest, LeavesNothingBehind) {
    data.begin("tx");
    add(1, 9, 4);
    take();
    restart("tx");
    EXPECT_THAT(take(), IsEmpty());
    EXPECT_THAT(store.load().records, IsEmpty());
}

TEST_F(TransactionDataTest, OfAnotherTransactionIsNotTaken) {
    data.begin("tx");
    add(1, 2);
    restart("tx2");
    EXPECT_THAT(take(), IsEmpty());
}

TEST_F(TransactionDataTest, PassesOverDamagedRecords) {
    data = TransactionData("tx", {{"transaction_data", "tx/1", "{"}, {"transaction_data", "tx/", "[]"}});
    EXPECT_THAT(take(), IsEmpty());
}

}  // namespace
}  // namespace busbar::ocpp
