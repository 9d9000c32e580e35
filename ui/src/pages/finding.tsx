// SPDX-License-Identifier: GPL-3.0-or-later
export default function Finding(props: { id: string }) {
	return <div class="page"><h1>{props.id}</h1></div>;
}
