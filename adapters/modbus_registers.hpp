// SPDX-License-Identifier: Apache-2.0
// Registers over libmodbus: Modbus RTU on a serial line, Modbus TCP, and RTU frames over TCP.
//
// libmodbus frames and checks; what it leaves open is done here: the silence between frames, stale bytes, the
// wait for an answer (which a stop must be able to end), transaction ids (its raw requests send none), and
// deadlines for connecting.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "adapters/interrupt.hpp"
#include "adapters/modbus_pdu.hpp"
#include "adapters/open_attempts.hpp"
#include "adapters/registers.hpp"
#include "adapters/tcp_dialer.hpp"
#include "config/config.hpp"
#include "gateway/base/log.hpp"

struct _modbus;

namespace busbar::adapters {

class ModbusRegisters final : public Registers {
  public:
    /// `bus` is of kind rtu, tcp or rtu-over-tcp. Nothing is opened yet.
    ModbusRegisters(config::Bus bus, TraceTap tap, const Log& log);
    ~ModbusRegisters() override;

    Result<SteadyTime> open() override;
    void interrupt() override { interrupt_.raise(); }
    Result<std::vector<std::uint8_t>> listen(milliseconds time) override;
    [[nodiscard]] bool numbers_requests() const override { return !frames_are_rtu(); }

  private:
    struct CloseContext {
        void operator()(_modbus* context) const;
    };
    using Context = std::unique_ptr<_modbus, CloseContext>;

    Exchange<Words> transfer_read(const Span& span, milliseconds reply_timeout) override;
    Exchange<void> transfer_write(const Span& span, const Words& words, config::WriteFunction function,
                                  milliseconds reply_timeout) override;

    Result<Context> connect();
    Result<Context> connect_serial();
    Result<Context> connect_tcp();
    bool drain();
    void settle();
    void close();

    /// Sends the request and gives the answer without its framing.
    Exchange<Bytes> converse(int unit, const Bytes& request, milliseconds reply_timeout);
    std::optional<ExchangeError> check_unit(int unit) const;
    bool send(int unit, const Bytes& request);
    bool send_tcp(int unit, const Bytes& request);
    Exchange<Bytes> receive(int unit, SteadyTime deadline);
    std::optional<ExchangeError> wait_for_answer(SteadyTime deadline);
    ExchangeError broken_off(int error);
    ExchangeError concluded(ExchangeError error);
    [[nodiscard]] SteadyEpoch::duration wire_time(std::size_t bytes) const;
    [[nodiscard]] bool frames_are_rtu() const { return settings_.kind != config::BusKind::tcp; }
    [[nodiscard]] bool is_on_tcp() const { return settings_.kind != config::BusKind::rtu; }

    config::Bus settings_;
    Log log_;
    Interrupt interrupt_;
    OpenAttempts attempts_;
    TcpDialer dialer_;
    Context context_;
    SteadyTime opened_at_{};
    SteadyTime last_byte_{};
    bool suspect_ = false;  ///< the last exchange failed: its answer may still be on the way
    int silences_ = 0;      ///< exchanges in a row without an answer, whatever the unit
    std::uint16_t transaction_ = 0;

    bool told_about_parity_ = false;
};

}  // namespace busbar::adapters
