// SPDX-License-Identifier: Apache-2.0
// The configuration keys: defaults, what each takes, who may write it, what outlives a restart.
#include "ocpp/configuration.hpp"

#include <gmock/gmock.h>

namespace busbar::ocpp {
namespace {

using enum ConfigurationStatus;
using testing::ElementsAre;
using testing::HasSubstr;

Configuration fresh() {
    return {{}, {}};
}

/// The status of changing `name` in a new configuration.
ConfigurationStatus change(std::string_view name, std::string_view value) {
    return fresh().change(name, value);
}

struct Default {
    Key key;
    std::string_view value;
};

/// CONTRACT section 6; the rest are this implementation's own.
constexpr Default defaults[] = {
    {Key::AllowOfflineTxForUnknownId, "false"},
    {Key::AuthorizeRemoteTxRequests, "false"},
    {Key::ChargingScheduleAllowedChargingRateUnit, "Current,Power"},
    {Key::ClockAlignedDataInterval, "0"},
    {Key::ConnectionTimeOut, "60"},
    {Key::HeartbeatInterval, "300"},
    {Key::LocalAuthorizeOffline, "true"},
    {Key::LocalPreAuthorize, "false"},
    {Key::MessageTimeout, "30"},
    {Key::MeterValuesSampledData, "Energy.Active.Import.Register,Power.Active.Import"},
    {Key::MeterValueSampleInterval, "60"},
    {Key::MinimumStatusDuration, "0"},
    {Key::StopTransactionOnEVSideDisconnect, "true"},
    {Key::StopTransactionOnInvalidId, "true"},
    {Key::StopTxnAlignedData, ""},
    {Key::StopTxnSampledData, ""},
    {Key::TransactionMessageAttempts, "3"},
    {Key::TransactionMessageRetryInterval, "60"},
    {Key::WebSocketPingInterval, "45"},
};

TEST(ConfigurationKeys, StartAsTheContractSays) {
    for (const auto& [key, value] : defaults) {
        EXPECT_EQ(fresh().text(key), value) << configuration_keys()[static_cast<std::size_t>(key)].name;
    }
}

TEST(ConfigurationKeys, AreFoundByName) {
    for (const auto& spec : configuration_keys()) EXPECT_EQ(find_key(spec.name), &spec) << spec.name;
    EXPECT_EQ(find_key("NoSuchKey"), nullptr);
    EXPECT_EQ(find_key(""), nullptr);
}

TEST(ConfigurationKeys, OnlyWritableOnesAreWritten) {
    for (const auto& spec : configuration_keys()) {
        if (spec.access == KeyAccess::write) continue;
        const auto expected = spec.access == KeyAccess::read ? Rejected : Accepted;
        EXPECT_EQ(change(spec.name, spec.initial), expected) << spec.name;
    }
    EXPECT_EQ(change("NoSuchKey", "1"), NotSupported);
}

TEST(ConfigurationKeys, APasswordIsAnyTextThatFitsAHeader) {
    EXPECT_EQ(change("AuthorizationKey", "a password: with blanks"), Accepted);
    EXPECT_EQ(change("AuthorizationKey", ""), Rejected);
    EXPECT_EQ(change("AuthorizationKey", "two\nlines"), Rejected);
    EXPECT_EQ(change("AuthorizationKey", std::string(101, 'x')), Rejected);
    EXPECT_THAT(*Configuration::seed_problem("AuthorizationKey", "x"), HasSubstr("password"));
}

TEST(ConfigurationKeys, NumbersHoldToTheirBounds) {
    for (const auto& spec : configuration_keys()) {
        if (spec.type != KeyType::integer || spec.access == KeyAccess::read) continue;
        EXPECT_EQ(change(spec.name, std::to_string(spec.minimum)), Accepted) << spec.name;
        EXPECT_EQ(change(spec.name, std::to_string(spec.maximum)), Accepted) << spec.name;
        EXPECT_EQ(change(spec.name, std::to_string(spec.minimum - 1)), Rejected) << spec.name;
        EXPECT_EQ(change(spec.name, std::to_string(std::int64_t{spec.maximum} + 1)), Rejected) << spec.name;
        for (const char* wrong :
             {"", "-1", "1.5", "1e2", "0x10", "+5", "5s", "true", "99999999999999999999"}) {
            EXPECT_EQ(change(spec.name, wrong), Rejected) << spec.name << " " << wrong;
        }
    }
}

TEST(ConfigurationKeys, BooleansAreTakenInAnyCase) {
    for (const auto& spec : configuration_keys()) {
        if (spec.type != KeyType::boolean || spec.access == KeyAccess::read) continue;
        Configuration configuration = fresh();
        EXPECT_EQ(configuration.change(spec.name, "TRUE"), Accepted) << spec.name;
        EXPECT_TRUE(configuration.boolean(spec.key)) << spec.name;
        EXPECT_EQ(configuration.change(spec.name, " False "), Accepted) << spec.name;
        EXPECT_FALSE(configuration.boolean(spec.key)) << spec.name;
        EXPECT_EQ(configuration.text(spec.key), "false") << spec.name;
        for (const char* wrong : {"", "1", "yes", "tru", "true,false"}) {
            EXPECT_EQ(configuration.change(spec.name, wrong), Rejected) << spec.name << " " << wrong;
        }
    }
}

TEST(ConfigurationKeys, MeasurandListsAreAllOrNothing) {
    for (const auto& spec : configuration_keys()) {
        if (spec.type != KeyType::measurands) continue;
        Configuration configuration = fresh();
        EXPECT_EQ(configuration.change(spec.name, " Voltage ,SoC,"), Accepted) << spec.name;
        EXPECT_THAT(configuration.list(spec.key), ElementsAre("Voltage", "SoC")) << spec.name;
        EXPECT_EQ(configuration.text(spec.key), "Voltage,SoC") << spec.name;
        EXPECT_EQ(configuration.change(spec.name, "Voltage,Nonsense"), Rejected) << spec.name;
        EXPECT_EQ(configuration.change(spec.name, "voltage"), Rejected) << spec.name;
        std::string too_long;
        for (int i = 0; i <= spec.maximum; ++i) too_long += "Voltage,";
        EXPECT_EQ(configuration.change(spec.name, too_long), Rejected) << spec.name;
        EXPECT_EQ(configuration.text(spec.key), "Voltage,SoC") << spec.name;
        EXPECT_EQ(configuration.change(spec.name, ""), Accepted) << spec.name;
        EXPECT_TRUE(configuration.list(spec.key).empty()) << spec.name;
    }
}

TEST(ConfigurationKeys, ListLengthsTheyAnnounceAreTheOnesTheyHoldTo) {
    const auto maximum = [](std::string_view name) { return find_key(name)->maximum; };
    EXPECT_EQ(fresh().integer(Key::MeterValuesSampledDataMaxLength), maximum("MeterValuesSampledData"));
    EXPECT_EQ(fresh().integer(Key::MeterValuesAlignedDataMaxLength), maximum("MeterValuesAlignedData"));
    EXPECT_EQ(fresh().integer(Key::StopTxnSampledDataMaxLength), maximum("StopTxnSampledData"));
    EXPECT_EQ(fresh().integer(Key::StopTxnAlignedDataMaxLength), maximum("StopTxnAlignedData"));
    EXPECT_GE(fresh().integer(Key::GetConfigurationMaxKeys), static_cast<int>(configuration_keys().size()));
}

TEST(ConfigurationKeys, PhaseRotationNamesRotations) {
    EXPECT_EQ(change("ConnectorPhaseRotation", "0.RST, 1.RTS"), Accepted);
    EXPECT_EQ(change("ConnectorPhaseRotation", "Unknown"), Accepted);
    for (const char* wrong : {"", ",", "1.RRR", "1", "RST;RTS"}) {
        EXPECT_EQ(change("ConnectorPhaseRotation", wrong), Rejected) << wrong;
    }
}

TEST(ConfigurationKeys, TheMisspeltNameOfEvEnergyIsAnAlias) {
    Configuration configuration = fresh();
    EXPECT_EQ(
        configuration.change("metervaluessampledata", "Energy.Active.Import.Register , Power.Active.Import"),
        Accepted);
    EXPECT_EQ(configuration.text(Key::MeterValuesSampledData),
              "Energy.Active.Import.Register,Power.Active.Import");
}

TEST(Configuration, NamesAreComparedWithoutCase) {
    Configuration configuration = fresh();
    EXPECT_EQ(configuration.change("HEARTBEATinterval", " 60 "), Accepted);
    EXPECT_EQ(configuration.interval(Key::HeartbeatInterval), 60s);
    EXPECT_EQ(configuration.text(Key::HeartbeatInterval), "60");
    EXPECT_EQ(configuration.record(Key::HeartbeatInterval),
              (Record{"configuration", "HeartbeatInterval", "60"}));
}

TEST(Configuration, SeedsHoldUntilTheCentralSystemHasWritten) {
    const std::map<std::string, std::string> seeds{{"websocketpinginterval", "20"},
                                                   {"MessageTimeout", "0"},
                                                   {"NumberOfConnectors", "7"},
                                                   {"NoSuchKey", "1"}};
    const Configuration seeded(seeds, {});
    EXPECT_EQ(seeded.integer(Key::WebSocketPingInterval), 20);
    EXPECT_EQ(seeded.integer(Key::MessageTimeout), 30);
    EXPECT_EQ(seeded.integer(Key::NumberOfConnectors), 1);

    const std::vector<Record> saved{{"configuration", "WebSocketPingInterval", "33"},
                                    {"transaction", "MessageTimeout", "44"},
                                    {"configuration", "RemovedInThisVersion", "1"},
                                    {"configuration", "MinimumStatusDuration", "damaged"}};
    const Configuration restarted(seeds, saved);
    EXPECT_EQ(restarted.integer(Key::WebSocketPingInterval), 33);
    EXPECT_EQ(restarted.integer(Key::MessageTimeout), 30);
    EXPECT_EQ(restarted.integer(Key::MinimumStatusDuration), 0);
}

TEST(Configuration, SaysWhyAValueCannotBeASeed) {
    EXPECT_FALSE(Configuration::seed_problem("webSocketPingInterval", "45"));
    EXPECT_THAT(*Configuration::seed_problem("NoSuchKey", "45"), HasSubstr("NoSuchKey"));
    EXPECT_THAT(*Configuration::seed_problem("NumberOfConnectors", "2"), HasSubstr("read-only"));
    EXPECT_THAT(*Configuration::seed_problem("MessageTimeout", "0"), HasSubstr("from 1 to 600"));
    EXPECT_THAT(*Configuration::seed_problem("LocalPreAuthorize", "maybe"), HasSubstr("true or false"));
    EXPECT_THAT(*Configuration::seed_problem("StopTxnSampledData", "Torque"), HasSubstr("Voltage"));
    EXPECT_THAT(*Configuration::seed_problem("ConnectorPhaseRotation", "ABC"), HasSubstr("1.RST"));
}

}  // namespace
}  // namespace busbar::ocpp
