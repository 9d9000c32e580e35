// SPDX-License-Identifier: GPL-3.0-or-later
export default function Overview() {
	return <div class="page" />;
}
