// SPDX-License-Identifier: Apache-2.0
// No SIM is ever blocked by us: each PIN is tried once with each SIM.
#include "gateway/uplink/sim_pin_policy.hpp"

#include <gmock/gmock.h>

namespace busbar::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::uint32_t sim_pin = 2;

const Secret pin{"1234"};

ModemFacts locked(std::uint32_t tries_left = 3) {
    ModemFacts modem;
    modem.state = ModemState::locked;
    modem.lock = SimLock::pin;
    modem.unlock_retries = {{sim_pin, tries_left}};
    modem.sim = "/org/freedesktop/ModemManager1/SIM/0";
    modem.iccid = "8949000000000000001";
    return modem;
}

TEST(SimPinPolicy, SendsAPinThatWasNeverTriedWithThisSim) {
    EXPECT_TRUE(decide_pin(locked(), pin, {}).send);
    EXPECT_THAT(decide_pin(locked(), pin, {}).ask, IsEmpty());
}

TEST(SimPinPolicy, SendsNothingToASimThatIsOpenOrNotKnownYet) {
    ModemFacts modem = locked();
    modem.state = ModemState::registered;
    EXPECT_FALSE(decide_pin(modem, pin, {}).send);
    modem = locked();
    modem.sim.clear();
    EXPECT_FALSE(decide_pin(modem, pin, {}).send);
    EXPECT_THAT(decide_pin(modem, pin, {}).ask, IsEmpty());
}

TEST(SimPinPolicy, NeverSendsAPukNorAPinToASimThatWantsOne) {
    for (const SimLock lock : {SimLock::unknown, SimLock::pin2, SimLock::puk, SimLock::puk2}) {
        ModemFacts modem = locked();
        modem.lock = lock;
        EXPECT_FALSE(decide_pin(modem, pin, {}).send);
    }
}

TEST(SimPinPolicy, NeverRisksTheLastTryButOne) {
    EXPECT_TRUE(decide_pin(locked(2), pin, {}).send);
    EXPECT_FALSE(decide_pin(locked(1), pin, {}).send);
    EXPECT_THAT(decide_pin(locked(1), pin, {}).ask, HasSubstr("one try left"));
    EXPECT_THAT(decide_pin(locked(0), pin, {}).ask, HasSubstr("no try left"));
}

TEST(SimPinPolicy, AsksThePersonWhereTheModemDoesNotSayHowManyTriesAreLeft) {
    ModemFacts silent = locked();
    silent.unlock_retries.clear();
    for (const ModemFacts& modem : {silent, locked(0xFFFFFFFF)}) {
        EXPECT_FALSE(decide_pin(modem, pin, {}).send);
        EXPECT_THAT(decide_pin(modem, pin, {}).ask, HasSubstr("does not say"));
    }
}

TEST(SimPinPolicy, AsksThePersonWhereNoPinIsConfigured) {
    EXPECT_FALSE(decide_pin(locked(), Secret(), {}).send);
    EXPECT_THAT(decide_pin(locked(), Secret(), {}).ask, HasSubstr("pin_file"));
}

TEST(SimPinPolicy, NeverSendsAPinAgainThatWasWrongOrOfWhichTheAnswerIsNotKnown) {
    for (const PinOutcome outcome : {PinOutcome::sent, PinOutcome::wrong}) {
        PinMemory memory;
        memory.remember(locked().iccid, pin, outcome);
        EXPECT_FALSE(decide_pin(locked(), pin, memory).send);
        EXPECT_THAT(decide_pin(locked(), pin, memory).ask, Not(IsEmpty()));
    }
}

TEST(SimPinPolicy, SendsAPinAtEachStartThatOpenedTheSimBefore) {
    PinMemory memory;
    memory.remember(locked().iccid, pin, PinOutcome::right);
    EXPECT_TRUE(decide_pin(locked(), pin, memory).send);
    EXPECT_FALSE(decide_pin(locked(1), pin, memory).send);
}

TEST(SimPinPolicy, TriesACorrectedPinAndTheSamePinWithAnotherSim) {
    PinMemory memory;
    memory.remember(locked().iccid, pin, PinOutcome::wrong);
    EXPECT_TRUE(decide_pin(locked(2), Secret("4321"), memory).send);
    ModemFacts other = locked();
    other.iccid = "8949000000000000002";
    EXPECT_TRUE(decide_pin(other, pin, memory).send);
}

TEST(PinMemory, OutlivesARestartAndHoldsNoPin) {
    PinMemory memory;
    memory.remember("8949000000000000001", pin, PinOutcome::wrong);
    memory.remember("8949000000000000002", pin, PinOutcome::right);
    memory.remember("8949000000000000003", pin, PinOutcome::sent);
    const std::string text = memory.text();
    EXPECT_THAT(text, Not(HasSubstr(":1234")));

    const PinMemory again(text);
    EXPECT_EQ(again.outcome("8949000000000000001", pin), PinOutcome::wrong);
    EXPECT_EQ(again.outcome("8949000000000000002", pin), PinOutcome::right);
    EXPECT_EQ(again.outcome("8949000000000000003", pin), PinOutcome::sent);
    EXPECT_EQ(again.outcome("8949000000000000004", pin), std::nullopt);
}

TEST(PinMemory, ForgetsAPinThatWasNotSentAfterAll) {
    PinMemory memory;
    memory.remember("8949000000000000001", pin, PinOutcome::sent);
    memory.forget("8949000000000000001", pin);
    EXPECT_THAT(memory.text(), IsEmpty());
}

TEST(PinMemory, LeavesOutWhatItDoesNotUnderstand) {
    EXPECT_THAT(PinMemory("abc perhaps\nhalf a li").text(), IsEmpty());
    EXPECT_EQ(PinMemory("abc wrong\n\xff\xfe what\n").text(), "abc wrong\n");
}

}  // namespace
}  // namespace busbar::gateway
