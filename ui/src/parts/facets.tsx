// SPDX-License-Identifier: GPL-3.0-or-later
/* facets.tsx - what a list is made of, with counts; a click narrows it.
 *
 *   <Facets groups={[{ name: 'severity', title: ..., values: [{ value, label, count }],
 *                      picked: query('severity') }]} pick={(name, value) => ask({[name]: value})} />
 *
 * One value of a group at a time; picking it again takes it away. */
import type { ComponentChildren } from 'preact';
import { short, t } from '../text';

export interface FacetValue { value: string; label: ComponentChildren; count?: number; more?: boolean; title?: string }
export interface FacetGroup { name: string; title: string; values: FacetValue[]; picked: string }

export function Facets(props: { groups: FacetGroup[]; pick: (name: string, value: string) => void; label: string }) {
	return (
		<section class="facets" aria-label={props.label}>
			{props.groups.filter((g) => g.values.length || g.picked).map((g) => {
				const most = Math.max(1, ...g.values.map((v) => v.count ?? 0));
				const values = g.picked && !g.values.some((v) => v.value === g.picked)
					? [{ value: g.picked, label: g.picked }, ...g.values] as FacetValue[] : g.values;

				return (
					<fieldset key={g.name}>
						<legend>{g.title}</legend>
						{values.map((v) => (
							<button type="button" key={v.value} class="facet" aria-pressed={g.picked === v.value} title={v.title}
								onClick={() => props.pick(g.name, g.picked === v.value ? '' : v.value)}>
								<span class="facet-bar" style={{ transform: `scaleX(${(v.count ?? 0) / most})` }} aria-hidden="true" />
								<span class="facet-name">{v.label}</span>
								{v.count !== undefined &&
									<span class="facet-count">{v.more ? t('facet.more', { n: short(v.count) }) : short(v.count)}</span>}
							</button>
						))}
					</fieldset>
				);
			})}
		</section>
	);
}
