// SPDX-License-Identifier: Apache-2.0
// The gateway's configuration as typed settings: what the file says, checked and with defaults filled in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/units.hpp"
#include "gateway/base/weekly_span.hpp"

namespace busbar::config {

/// wss://host:port/path?query, split; nothing else is accepted.
struct Url {
    std::string host;  ///< an IPv6 literal without its brackets
    int port = 443;
    std::string path;   ///< "" or starts with '/', without a trailing '/'; percent-encoding as written
    std::string query;  ///< without '?'
    friend bool operator==(const Url&, const Url&) = default;
};

struct CentralSystem {
    Url url;
    std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";
    std::string crl_file;                ///< "": none
    int certificate_rsa_bits = 0;        ///< of the keys of charge points; 0: P-256
    bool additional_root_check = false;  ///< OCPP key AdditionalRootCertificateCheck
    milliseconds reconnect_first{1000};
    milliseconds reconnect_max{120'000};
    friend bool operator==(const CentralSystem&, const CentralSystem&) = default;
};

enum class BusKind { rtu, ascii, tcp, rtu_over_tcp, serial, keba_udp };
enum class Parity { none, even, odd };

struct Bus {
    std::string id;
    BusKind kind = BusKind::rtu;
    std::string device;  ///< rtu, ascii, serial
    int baud = 9600;
    Parity parity = Parity::even;
    int stop_bits = 1;
    int data_bits = 8;  ///< 7: ascii, serial
    std::string host;   ///< tcp, rtu-over-tcp, keba-udp
    int port = 502;
    std::string local_address;  ///< keba-udp
    friend bool operator==(const Bus&, const Bus&) = default;
};

struct MeterRef {
    std::string profile;
    int unit_id = 1;
    std::string bus;  ///< the charger's bus when the file does not say
    friend bool operator==(const MeterRef&, const MeterRef&) = default;
};

enum class PasswordEncoding { text, hex };
enum class AuthorizationMode { free, remote, rfid };

/// The gateway's own schedule: see ocpp/own_schedule.hpp for what it does and where it comes from.
struct Charging {
    seconds random_delay{0};  ///< 0 to 1800; 0: none
    bool delay_central_system = true;
    std::vector<WeeklySpan> off_peak{};  ///< empty: cars charge at any hour
    std::string time_zone{};             ///< of off_peak, "Europe/London"; "": the machine's
    friend bool operator==(const Charging&, const Charging&) = default;
};
/// What one charger has otherwise.
struct ChargingException {
    std::optional<seconds> random_delay{};
    std::optional<bool> delay_central_system{};
    std::optional<std::vector<WeeklySpan>> off_peak{};
    friend bool operator==(const ChargingException&, const ChargingException&) = default;
};

struct Charger {
    std::string id;  ///< charge point id, goes into the URL and Basic Auth
    std::string bus;
    int unit_id = 1;
    std::string profile;
    std::map<std::string, int> units;  ///< further unit ids the profile names
    std::optional<int> connectors;     ///< sockets in use; absent: 1, or as many as `units` names sockets for
    std::optional<MeterRef> meter;
    int phases = 3;
    Volts voltage{230};
    Secret password;  ///< as written, or the contents of password_file without the final line end
    PasswordEncoding password_encoding = PasswordEncoding::text;
    AuthorizationMode mode = AuthorizationMode::remote;
    std::string id_tag;  ///< mode free: the tag of its transactions
    Amperes max_current{32};
    Amperes failsafe_current{0};  ///< what the box may offer by itself when the gateway is gone; 0 or >= 6
    milliseconds poll_interval{1000};
    seconds lost_after{30};
    std::map<std::string, std::string> configuration;  ///< OCPP keys to seed
    ChargingException charging{};
    friend bool operator==(const Charger&, const Charger&) = default;
};

enum class UplinkKind { ethernet, wifi, gsm };
struct Uplink {
    std::string id;
    std::string interface;
    UplinkKind kind = UplinkKind::ethernet;
    bool local_only = false;  ///< role "local"
    int priority = 1;
    bool metered = false;
    std::optional<int> monthly_budget_mb;
    std::vector<std::string> dns;
    std::string apn;          ///< gsm; "": the modem's or the network's own
    std::string apn_user;     ///< gsm; "": the operator asks for none
    Secret apn_password;      ///< gsm
    Secret pin;               ///< gsm; of the SIM, as written or the contents of pin_file; empty: none
    std::string modem_power;  ///< gsm; program that cuts the modem's power, called with on, off or cycle
    friend bool operator==(const Uplink&, const Uplink&) = default;
};
struct Failover {
    seconds failback_hold{60};
    seconds failback_hold_max{900};
    std::vector<std::string> neutral_targets;  ///< host:port
    friend bool operator==(const Failover&, const Failover&) = default;
};
struct TimeSync {
    bool ask_kernel = true;  ///< sync_source "auto"; false: "none"
    seconds wait_for_sync{60};
    friend bool operator==(const TimeSync&, const TimeSync&) = default;
};
struct Web {
    std::string listen = "0.0.0.0";
    int https_port = 8443;
    int http_port = 0;                      ///< 0: off
    std::vector<std::string> host_names{};  ///< further names that browsers may use
    std::string initial_password_file{};    ///< empty: none
    std::string ui_dir{};                   ///< of the pages; empty: beside the program
    bool metrics = false;                   ///< GET /metrics
    friend bool operator==(const Web&, const Web&) = default;
};
/// A broker to which the chargers are told, and from which they may be steered.
struct Mqtt {
    std::string host;
    int port = 8883;  ///< without tls 1883
    bool tls = true;
    std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";
    std::string user;       ///< "": the broker asks for none
    Secret password;        ///< as written, or the contents of password_file without the final line end
    std::string client_id;  ///< "": "busbar-" and the host name
    std::string prefix = "busbar";
    std::string discovery_prefix = "homeassistant";
    bool allow_control = false;
    friend bool operator==(const Mqtt&, const Mqtt&) = default;
};
struct Transfers {
    std::vector<std::string> schemes{"https", "http", "ftps", "ftp", "sftp"};
    bool allow_loopback = false;
    bool allow_link_local = false;
    int max_mb = 256;
    friend bool operator==(const Transfers&, const Transfers&) = default;
};

/// Chargers behind one feed: the sum of their limits never exceeds it.
struct Group {
    std::string id;
    Amperes max_current;                ///< a phase
    std::vector<std::string> chargers;  ///< ids; a charger is in one group at most
    friend bool operator==(const Group&, const Group&) = default;
};

struct Config {
    CentralSystem central_system;
    std::vector<Bus> buses;
    std::vector<std::string> charger_profile_dirs;
    std::vector<Charger> chargers;
    std::vector<Group> groups;
    std::vector<Uplink> uplinks;
    bool network_manager = true;  ///< network.manager: networkmanager | none
    Failover failover;
    TimeSync time;
    std::optional<Web> web;
    std::optional<Mqtt> mqtt;
    Transfers transfers;
    Charging charging{};
};

/// What counts for one charger.
Charging charging_of(const Config& config, const Charger& charger);

/// One thing wrong in a file.
struct Problem {
    std::string path;  ///< JSON path: /chargers/0/unit_id; "" is the whole file
    std::string text;  ///< what is wrong and what would be right
};

/// A value, or everything that is wrong with it.
template <class T>
struct Checked {
    T value;  ///< meaningful only without problems
    std::vector<Problem> problems;
    [[nodiscard]] bool ok() const { return problems.empty(); }
};

/// Reads JSON text (// and /* */ allowed). Pure but for password_file, which it opens. Reports every problem
/// at once: syntax with line and column; unknown keys; wrong types and ranges; ids that clash or point
/// nowhere. Profiles are not looked at: see check_together in profile.hpp. Passwords are never quoted.
Checked<Config> parse_config(std::string_view text);

/// The same from a file; a file that cannot be read is a problem with path "".
Checked<Config> load_config(const std::string& file);

/// "config.json: /chargers/0/unit_id: ..." one line a problem; an empty `file` is left out.
std::string to_text(const std::string& file, const std::vector<Problem>& problems);

}  // namespace busbar::config
