// SPDX-License-Identifier: Apache-2.0
// The real ModemManager with a modem that is a program, on a bus of its own: modem_bed/bed.py. Needs root, as
// ModemManager does; skipped where something is missing.
#include "gateway/uplink/modem_manager.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <vector>

#include "gateway/atomic_file.hpp"
#include "gateway/uplink/modem_care.hpp"
#include "gateway/uplink/signal_quality.hpp"
#include "tests/gateway/modem_bed/bed.hpp"

namespace busbar::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ModemBed;
using ::testing::Not;

constexpr auto patience = 8s;

class RealModemManager : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!ModemBed::is_permitted()) GTEST_SKIP() << "ModemManager's test interface needs root";
    }

    /// As after a start of the daemon.
    void begin(const ModemBed& bed, const std::string& pin) {
        care_.reset();
        manager_ = std::make_unique<ModemManager>(
            loop_,
            ModemManager::Listener{[this] {
                                       if (care_) care_->on_modems();
                                   },
                                   [this](UtcTime utc) { network_times_.push_back(utc); }},
            log_);
        config::Uplink uplink;
        uplink.id = "gsm";
        uplink.interface = "wwan0";
        uplink.kind = config::UplinkKind::gsm;
        uplink.pin = Secret(pin);
        care_ = std::make_unique<ModemCare>(
            loop_, *manager_, uplink, bed.pin_file(), [] { return ModemEvidence{}; }, log_);
    }

    template <class Condition>
    bool until(const Condition& condition, seconds limit = patience) {
        const auto end = steady_now() + limit;
        while (!condition() && steady_now() < end) loop_.run_for(20ms);
        return condition();
    }

    [[nodiscard]] bool is_registered() const {
        return care_->modem() != nullptr && care_->modem()->state == ModemState::registered &&
               !care_->modem()->operator_name.empty();
    }
    [[nodiscard]] bool has_said(const std::string& event) const {
        return std::find(said_.begin(), said_.end(), event) != said_.end();
    }

    boost::asio::io_context loop_;
    std::vector<std::string> said_;  ///< events
    std::string texts_;
    Log log_{[this](const LogRecord& record) {
        said_.emplace_back(record.event);
        texts_ += to_line(record) + '\n';
    }};
    std::vector<UtcTime> network_times_;
    std::unique_ptr<ModemManager> manager_;
    std::unique_ptr<ModemCare> care_;
};

TEST_F(RealModemManager, GetsAnOpenSimASwitchedOnModemAndTellsAllAboutIt) {
    ModemBed bed("1234");
    begin(bed, "1234");
    ASSERT_TRUE(until([&] { return is_registered() && !network_times_.empty(); })) << texts_;
    const ModemFacts& modem = *care_->modem();
    EXPECT_EQ(modem.iccid, "89499000000000000001");
    EXPECT_EQ(modem.imsi, "262011234567890");
    EXPECT_EQ(modem.imei, "490154203237518");
    EXPECT_EQ(modem.operator_name, "ACME Mobile");
    EXPECT_EQ(modem.operator_code, "26201");
    EXPECT_EQ(access_word(modem.access), "LTE");
    ASSERT_TRUE(until([&] { return csq_of(*care_->modem()) == 20; }));
    EXPECT_EQ(network_times_.front(), UtcTime(std::chrono::sys_days(std::chrono::year{2026} / 11 / 23) + 2h));
    EXPECT_THAT(bed.pins(), ElementsAre("1234"));
    EXPECT_THAT(file_content(bed.pin_file()), HasSubstr(" right"));
    EXPECT_THAT(texts_, Not(HasSubstr("1234\""))) << "a PIN is no business of the log";
}

TEST_F(RealModemManager, IsGivenAWrongPinOnceInItsLife) {
    ModemBed bed("1234");
    begin(bed, "0000");
    ASSERT_TRUE(until([&] { return has_said("sim_pin_failed"); })) << texts_;
    ASSERT_TRUE(until([&] { return care_->hindrance().find("not tried again") != std::string::npos; }));
    begin(bed, "0000");
    ASSERT_TRUE(until([&] { return has_said("sim_pin_needed"); })) << texts_;
    bed.order("manager off");
    bed.order("manager on");
    ASSERT_TRUE(until([&] { return care_->modem() != nullptr; }));
    until([] { return false; }, 1s);
    EXPECT_THAT(bed.pins(), ElementsAre("0000"));
}

TEST_F(RealModemManager, MayGoAndComeBack) {
    ModemBed bed("1234");
    begin(bed, "1234");
    ASSERT_TRUE(until([&] { return is_registered(); })) << texts_;
    bed.order("manager off");
    ASSERT_TRUE(until([&] { return has_said("modem_manager_absent"); }));
    EXPECT_EQ(care_->modem(), nullptr);
    EXPECT_THAT(texts_, HasSubstr("ModemManager is not running"));
    bed.order("manager on");
    ASSERT_TRUE(until([&] { return is_registered(); })) << texts_;
    EXPECT_EQ(std::count(said_.begin(), said_.end(), "modem_manager_absent"), 1);
}

TEST_F(RealModemManager, SaysInWordsThatPolkitRefuses) {
    ModemBed bed("1234");
    bed.order("polkit off");
    begin(bed, "1234");
    ASSERT_TRUE(until([&] { return has_said("sim_pin_failed"); })) << texts_;
    EXPECT_THAT(texts_, HasSubstr("polkit does not let this user control modems"));
    EXPECT_THAT(bed.pins(), IsEmpty());
    EXPECT_THAT(file_content(bed.pin_file()), IsEmpty()) << "it was not sent: it may be, later";
}

TEST_F(RealModemManager, AnswersAResetThatTheModemCannotDo) {
    ModemBed bed("1234");
    begin(bed, "1234");
    ASSERT_TRUE(until([&] { return is_registered(); })) << texts_;
    std::optional<Errc> code;
    manager_->reset(manager_->modems().begin()->first,
                    [&](const Result<void>& done) { code = done ? Errc::garbled : done.error().code; });
    ASSERT_TRUE(until([&] { return code.has_value(); }));
    EXPECT_EQ(code, Errc::unsupported);
}

TEST(ModemManagerWithoutABus, IsSaidOnceAndHurtsNobody) {
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    boost::asio::io_context loop;
    std::vector<std::string> said;
    ModemManager manager(loop, {[] {}, [](UtcTime) {}},
                         Log([&](const LogRecord& record) { said.emplace_back(record.event); }));
    loop.run_for(200ms);
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
    EXPECT_THAT(said, ElementsAre("modem_manager_absent"));
    EXPECT_THAT(manager.modems(), IsEmpty());
}

TEST(ModemOfAnUplink, IsTheOneWithItsInterfaceElseTheFirst) {
    Modems modems;
    EXPECT_EQ(modem_of(modems, "wwan0"), nullptr);
    modems["/Modem/0"].ports = {"ttyUSB0"};
    modems["/Modem/1"].ports = {"ttyUSB2", "wwan0"};
    EXPECT_EQ(modem_of(modems, "wwan0")->first, "/Modem/1");
    EXPECT_EQ(modem_of(modems, "ppp0")->first, "/Modem/0");
}

}  // namespace
}  // namespace busbar::gateway
